import { sql, type SQL } from 'drizzle-orm'

/** More words than this narrow nothing down any further. */
const MAX_WORDS = 12

/**
 * What a person typed into a search as a tsquery: every word has to occur, as it is or as the beginning of a longer one,
 * whatever its case and accents. null: there is no word in it, so nothing can be found. Goes with `search_words` of
 * the migration people_search_analytics, which folds a text the same way.
 */
export function searchQuery(typed: string): SQL | null {
  const words = typed.normalize('NFKD').replace(/[\u0300-\u036F]/g, '').toLowerCase().replaceAll('ς', 'σ').match(/[\p{L}\p{N}]+/gu)
  if (!words) return null
  return sql`to_tsquery('simple', ${[...new Set(words)].slice(0, MAX_WORDS).map(word => `${word}:*`).join(' & ')})`
}
