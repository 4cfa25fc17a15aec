import { useHead } from '#imports'

export interface PageHead {
  title: string
  description?: string
  /** A page that is somebody's own, or of no use to a search engine. */
  noindex?: boolean
}

/** What a page says of itself. Nuxt's useSeoMeta does the same with 1.2 KB of names for tags that no page here has. */
export function usePageHead({ title, description, noindex }: PageHead): void {
  const meta = []
  if (description) meta.push({ name: 'description', content: description })
  if (noindex) meta.push({ name: 'robots', content: 'noindex' })
  useHead({ title, meta })
}
