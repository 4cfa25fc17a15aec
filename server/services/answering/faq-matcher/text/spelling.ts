const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const PLAIN = /^[a-z]+$/

/** Damerau-Levenshtein distance (adjacent swaps count once), or `max + 1` when it is greater than `max`. */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    let low = i
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      current[j] = cost
      if (cost < low) low = cost
    }
    if (low > max) return max + 1
    before = previous
    previous = current
  }
  return previous[b.length]!
}

function deletions(word: string): string[] {
  const out = [word]
  for (let i = 0; i < word.length; i++) out.push(word.slice(0, i) + word.slice(i + 1))
  return out
}

/** The words of one site, findable with a slip of the finger or two. */
export class SiteSpeller {
  private readonly byDeletion = new Map<string, string[]>()
  private readonly known = new Set<string>()

  add(word: string): void {
    if (this.known.has(word)) return
    this.known.add(word)
    if (word.length < 4 || !PLAIN.test(word)) return
    for (const key of deletions(word)) {
      const list = this.byDeletion.get(key)
      if (list) list.push(word)
      else this.byDeletion.set(key, [word])
    }
  }

  has(word: string): boolean {
    return this.known.has(word)
  }

  /** Closest word of the site: one edit away, or two for eight letters and more; null when there is none. */
  closest(word: string): string | null {
    if (word.length < 4 || !PLAIN.test(word)) return null
    const max = word.length >= 8 ? 2 : 1
    let best: string | null = null
    let bestDistance = max + 1
    for (const key of deletions(word)) {
      for (const candidate of this.byDeletion.get(key) ?? []) {
        const distance = editDistance(word, candidate, max)
        if (distance < bestDistance && (distance === 1 || candidate[0] === word[0])) {
          best = candidate
          bestDistance = distance
        }
      }
    }
    return best
  }
}

/**
 * Corrects a word towards general English: the commonest word one edit away.
 * `rank` gives a word's place by frequency, undefined when unknown. Costs weigh the kind of slip:
 * a swapped or missing letter is likelier than a wrong first letter (factors set by hand, not fitted).
 */
export function correctEnglish(word: string, rank: (word: string) => number | undefined): string {
  if (word.length < 3 || !PLAIN.test(word)) return word
  if ((rank(word) ?? Infinity) < (word.length > 4 ? 100_000 : 50_000)) return word
  let best = word
  let bestRank = word.length > 4 ? 36_000 : 11_000
  const consider = (candidate: string, penalty: number) => {
    const place = (rank(candidate) ?? Infinity) * penalty
    if (place < bestRank) {
      best = candidate
      bestRank = place
    }
  }
  for (let i = 0; i <= word.length; i++) {
    const head = word.slice(0, i)
    const tail = word.slice(i)
    if (tail) consider(head + tail.slice(1), i ? 1 : 8)
    if (tail.length > 1) consider(head + tail[1] + tail[0] + tail.slice(2), 0.5)
    for (const letter of LETTERS) {
      if (tail) consider(head + letter + tail.slice(1), i ? 1 : 8)
      consider(head + letter + tail, i ? 0.7 : 6)
    }
  }
  return best
}
