export interface TextPiece { words: string, isMatch: boolean }

/** As the search folds: case, accents, one kind of sigma. */
const fold = (text: string) => text.normalize('NFKD').replace(/[\u0300-\u036F]/g, '').toLowerCase().replaceAll('ς', 'σ')
const BEFORE = 60
const LENGTH = 260

/** The words of a text that begin like one of the search's, as pieces; what lies far before the first is left out. */
export function piecesOf(text: string, q: string): TextPiece[] {
  const wanted = fold(q).match(/[\p{L}\p{N}]+/gu) ?? []
  const words = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].filter(([word]) => wanted.some(begin => fold(word).startsWith(begin)))
  const first = words[0]?.index ?? 0
  const start = first > BEFORE ? text.lastIndexOf(' ', first - BEFORE / 2) + 1 : 0
  const end = start + LENGTH
  const pieces: TextPiece[] = start > 0 ? [{ words: '… ', isMatch: false }] : []
  let at = start
  for (const { 0: word, index } of words) {
    if (index < at || index + word.length > end) continue
    if (index > at) pieces.push({ words: text.slice(at, index), isMatch: false })
    pieces.push({ words: word, isMatch: true })
    at = index + word.length
  }
  if (at < text.length) pieces.push({ words: text.slice(at, Math.max(at, end)) + (end < text.length ? ' …' : ''), isMatch: false })
  return pieces
}
