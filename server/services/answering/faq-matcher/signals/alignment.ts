import type { MatcherArtifacts } from '../artifacts'
import type { Term } from '../text/analyse'
import { dot, gloveWord, joinRows } from './vectors'

// two words below this cosine are not related enough to stand for each other (prototype's figure)
const RELATED = 0.45
const MIN_WEIGHT = 0.15
const CACHE_LIMIT = 4_000

/**
 * Soft alignment: how much of the question finds an equal or related word in a phrasing, and the other way round.
 * "Related" is the cosine of GloVe vectors, so "fee" meets "price".
 */
export class AlignmentField {
  private readonly terms = new Map<string, number>()
  private readonly building = { vectors: [] as Float32Array[], weights: [] as number[], phraseTerms: [] as number[], starts: [0] }
  private matrix: Float32Array = new Float32Array()
  /** term of each vector */
  private readonly owners: number[] = []
  /** weight of each term of the site */
  private weights = new Float32Array()
  /** terms of phrasing p: `phraseTerms[starts[p]]` up to, not including, `phraseTerms[starts[p + 1]]` */
  private phraseTerms = new Int32Array()
  private starts = new Int32Array()
  private readonly phraseWeight: number[] = []
  /** by term of the site, all zero between questions: its likeness to one word of the question, and to the closest word */
  private likeness = new Float32Array()
  private strongest = new Float32Array()
  private readonly related = new Map<string, { ids: Int32Array, similarities: Float32Array }>()

  constructor(private readonly artifacts: MatcherArtifacts) {}

  addPhrase(terms: Term[], weightOf: (term: Term) => number): void {
    const { vectors, weights, phraseTerms, starts } = this.building
    let total = 0
    for (const term of terms) {
      let id = this.terms.get(term.key)
      if (id === undefined) {
        const weight = weightOf(term)
        id = weights.push(weight) - 1
        this.terms.set(term.key, id)
        const vector = term.word && weight > MIN_WEIGHT ? gloveWord(this.artifacts, term.word) : null
        if (vector) {
          this.owners.push(id)
          vectors.push(vector)
        }
      }
      phraseTerms.push(id)
      total += weights[id]!
    }
    starts.push(phraseTerms.length)
    this.phraseWeight.push(total || 1)
  }

  /** Call once, when all phrasings are in. */
  * finish(): Generator<void, void> {
    const { vectors, weights, phraseTerms, starts } = this.building
    this.matrix = joinRows(vectors, this.artifacts.gloveWidth)
    yield
    this.weights = Float32Array.from(weights)
    this.phraseTerms = Int32Array.from(phraseTerms)
    this.starts = Int32Array.from(starts)
    this.likeness = new Float32Array(weights.length)
    this.strongest = new Float32Array(weights.length)
    this.building.vectors = []
    this.building.weights = []
    this.building.phraseTerms = []
    this.building.starts = []
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
   * For the given phrasings: share of the question's weight found in the phrasing, of the phrasing's in the question,
   * and how near the phrasing comes to the question's most telling word.
   */
  score(terms: Term[], weightOf: (term: Term) => number, phrases: Int32Array): { question: Float32Array, phrasing: Float32Array, heaviest: Float32Array } {
    const question = new Float32Array(phrases.length)
    const heaviest = new Float32Array(phrases.length)
    const heaviestTerm = heaviestOf(terms, weightOf)
    const phrasing = new Float32Array(phrases.length)
    const { likeness, strongest, weights } = this
    const touched: number[] = []
    let total = 0
    for (const term of terms) {
      const weight = weightOf(term)
      total += weight
      if (weight < MIN_WEIGHT) continue
      const related = term.word ? this.relatedTo(term.word) : NONE
      const same = this.terms.get(term.key)
      const put = (id: number, similarity: number) => {
        likeness[id] = similarity
        if (strongest[id] === 0) touched.push(id)
        if (similarity > strongest[id]!) strongest[id] = similarity
      }
      for (let i = 0; i < related.ids.length; i++) put(related.ids[i]!, related.similarities[i]!)
      if (same !== undefined) put(same, 1)
      this.addBest(phrases, weight, question)
      if (term === heaviestTerm) this.addBest(phrases, 1, heaviest)
      likeness.fill(0)
    }
    for (let i = 0; i < phrases.length; i++) {
      const p = phrases[i]!
      question[i]! /= total || 1
      let covered = 0
      for (let t = this.starts[p]!; t < this.starts[p + 1]!; t++) covered += weights[this.phraseTerms[t]!]! * strongest[this.phraseTerms[t]!]!
      phrasing[i] = covered / this.phraseWeight[p]!
    }
    for (const id of touched) strongest[id] = 0
    return { question, phrasing, heaviest }
  }

  /** Adds to each phrasing what it holds of one word of the question: its closest term's likeness × weight. */
  private addBest(phrases: Int32Array, weight: number, sums: Float32Array): void {
    const { likeness, phraseTerms, starts } = this
    for (let i = 0; i < phrases.length; i++) {
      const end = starts[phrases[i]! + 1]!
      let best = 0
      for (let t = starts[phrases[i]!]!; t < end; t++) {
        const similarity = likeness[phraseTerms[t]!]!
        if (similarity > best) best = similarity
      }
      sums[i]! += weight * best
    }
  }
}

/** The most telling word of a question: the rarest; null when it has none. */
export function heaviestOf(terms: Term[], weightOf: (term: Term) => number): Term | null {
  let heaviest: Term | null = null
  let most = MIN_WEIGHT
  for (const term of terms) {
    const weight = weightOf(term)
    if (weight <= most) continue
    heaviest = term
    most = weight
  }
  return heaviest
}

const NONE = { ids: new Int32Array(), similarities: new Float32Array() }
