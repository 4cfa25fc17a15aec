import { loadPatiently } from '../load-patiently'
import type { MoreTexts } from './more-en'

export type { MoreTexts } from './more-en'

/** The texts of what opens on demand, in a language (`el-GR` as well as `el`); English where we have none. */
export async function loadMoreTexts(language: string): Promise<MoreTexts> {
  return (await loadPatiently<{ default: MoreTexts }>(() => /^el\b/i.test(language) ? import('./more-el') : import('./more-en'))).default
}
