import type { Analysis } from '../text/analyse'
import { skeleton } from '../text/greek'

/** Character 3- and 4-grams of a text with their counts, as hashes: slips and compounds still share most of them. */
export function characterGrams(analysis: Pick<Analysis, 'typed' | 'english' | 'greek'>): Map<number, number> {
  const source = analysis.greek ? analysis.typed.map(skeleton) : analysis.english
  const text = ` ${source.join(' ')} `
  const grams = new Map<number, number>()
  for (let i = 0; i + 3 <= text.length; i++) {
    let hash = 7
    for (let n = 0; n < 4 && i + n < text.length; n++) {
      hash = (Math.imul(hash, 31) + text.charCodeAt(i + n)) | 0
      if (n >= 2) grams.set(hash, (grams.get(hash) ?? 0) + 1)
    }
  }
  return grams
}
