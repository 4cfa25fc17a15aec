import type { MatcherArtifacts } from '../artifacts'
import type { Term } from '../text/analyse'
import { dot, gloveWord } from './vectors'

interface SiteTerm {
  weight: number
}

// two words below this cosine are not related enough to stand for each other (prototype's figure)
const RELATED = 0.45
const MIN_WEIGHT = 0.15
const CACHE_LIMIT = 4_000

/**
 * Soft alignment: how much of the question finds an equal or related word in a phrasing, and the other way round.
 * "Related" is the cosine of GloVe vectors, so "fee" meets "price".
 */
export class AlignmentField {
  private readonly terms = new Map<string, { id: number }>()
  private readonly list: SiteTerm[] = []
  private readonly vectors: number[] = []
  private matrix = new Float32Array()
  /** term of each vector */
  private readonly owners: number[] = []
  private readonly phraseTerms: number[][] = []
  private readonly phraseWeight: number[] = []
  private readonly related = new Map<string, { ids: Int32Array, similarities: Float32Array }>()

  constructor(private readonly artifacts: MatcherArtifacts) {}

  addPhrase(terms: Term[], weightOf: (term: Term) => number): void {
    const ids: number[] = []
    let total = 0
    for (const term of terms) {
      const weight = weightOf(term)
      let known = this.terms.get(term.key)
      if (!known) {
        this.terms.set(term.key, known = { id: this.list.length })
        const vector = term.word && weight > MIN_WEIGHT ? gloveWord(this.artifacts, term.word) : null
        this.list.push({ weight })
        if (vector) {
          this.owners.push(known.id)
          this.vectors.push(...vector)
        }
      }
      ids.push(known.id)
      total += this.list[known.id]!.weight
    }
    this.phraseTerms.push(ids)
    this.phraseWeight.push(total || 1)
  }

  /** Call once, when all phrasings are in. */
  finish(): void {
    this.matrix = Float32Array.from(this.vectors)
    this.vectors.length = 0
  }

  /** Site terms related to a word, with 0.85 at most: an equal word always counts more. */
  private relatedTo(word: string): { ids: Int32Array, similarities: Float32Array } {
    let found = this.related.get(word)
    if (!found) {
      const ids: number[] = []
      const similarities: number[] = []
      const vector = gloveWord(this.artifacts, word)
      if (vector) {
        for (let row = 0; row < this.owners.length; row++) {
          const cosine = dot(vector, this.matrix, vector.length, 0, row * vector.length)
          if (cosine <= RELATED) continue
          ids.push(this.owners[row]!)
          similarities.push((cosine - RELATED) / (1 - RELATED) * 0.85)
        }
      }
      found = { ids: Int32Array.from(ids), similarities: Float32Array.from(similarities) }
      if (this.related.size >= CACHE_LIMIT) this.related.clear()
      this.related.set(word, found)
    }
    return found
  }

  /**
   * For the given phrasings: share of the question's weight found in the phrasing, and of the phrasing's in the question.
   */
  score(terms: Term[], weightOf: (term: Term) => number, phrases: ArrayLike<number>): { question: Float32Array, phrasing: Float32Array } {
    const count = phrases.length
    const question = new Float32Array(count)
    const phrasing = new Float32Array(count)
    const strongest = new Float32Array(this.list.length)
    const perTerm: { weight: number, hits: Map<number, number> }[] = []
    let total = 0
    for (const term of terms) {
      const weight = weightOf(term)
      total += weight
      if (weight < MIN_WEIGHT) continue
      const hits = new Map<number, number>()
      const same = this.terms.get(term.key)
      if (term.word) {
        const { ids, similarities } = this.relatedTo(term.word)
        for (let i = 0; i < ids.length; i++) hits.set(ids[i]!, similarities[i]!)
      }
      if (same) hits.set(same.id, 1)
      for (const [id, similarity] of hits) if (similarity > strongest[id]!) strongest[id] = similarity
      perTerm.push({ weight, hits })
    }
    for (let p = 0; p < count; p++) {
      const ids = this.phraseTerms[phrases[p]!]!
      let found = 0
      for (const { weight, hits } of perTerm) {
        let best = 0
        for (const id of ids) {
          const similarity = hits.get(id)
          if (similarity !== undefined && similarity > best) best = similarity
        }
        found += weight * best
      }
      question[p] = found / (total || 1)
      let covered = 0
      for (const id of ids) covered += this.list[id]!.weight * strongest[id]!
      phrasing[p] = covered / this.phraseWeight[phrases[p]!]!
    }
    return { question, phrasing }
  }
}
