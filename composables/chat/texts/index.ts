import { loadPatiently } from '../load-patiently'
import type { ChatTexts } from './en'

export type { ChatTexts } from './en'

/** The texts of a language (`el-GR` as well as `el`); English where we have none. */
export async function loadTexts(language: string): Promise<ChatTexts> {
  return (await loadPatiently<{ default: ChatTexts }>(() => /^el\b/i.test(language) ? import('./el') : import('./en'))).default
}
