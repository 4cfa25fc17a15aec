import snowball from 'snowball-stemmers'

const english = snowball.newStemmer('english')
const cache = new Map<string, string>()
const CACHE_LIMIT = 50_000

/** English stem of a folded word; words with other letters come back as they are. */
export function stem(word: string): string {
  const known = cache.get(word)
  if (known !== undefined) return known
  const stemmed = /^[a-z]+$/.test(word) ? english.stem(word) : word
  if (cache.size >= CACHE_LIMIT) cache.clear()
  cache.set(word, stemmed)
  return stemmed
}
