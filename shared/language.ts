/** The languages people can read here. */
export type Language = 'en' | 'el'

/**
 * Which of our languages somebody likes best, by an Accept-Language header (or the browser's list, joined by commas).
 * English where they name neither.
 */
export function preferredLanguage(accepted: string | null | undefined): Language {
  const ranked = (accepted ?? '').slice(0, 500).split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = Number(/^\s*q=([\d.]+)\s*$/.exec(parameters.find(parameter => /^\s*q=/.test(parameter)) ?? '')?.[1] ?? 1)
    return { tag: tag.trim().split('-')[0], quality }
  }).filter(({ tag, quality }) => (tag === 'en' || tag === 'el') && quality > 0)
  // The sort is stable: of two liked equally the one named first.
  return ranked.sort((a, b) => b.quality - a.quality)[0]?.tag === 'el' ? 'el' : 'en'
}
