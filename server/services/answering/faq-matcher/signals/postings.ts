type TermKey = string | number

/** Entries handled between two pauses: about a millisecond. */
const SLICE = 20_000

interface Entries { count: number, terms: Int32Array, docs: Int32Array, weights: Float32Array }

const emptyEntries = (room: number): Entries => ({ count: 0, terms: new Int32Array(room), docs: new Int32Array(room), weights: new Float32Array(room) })

/** Twice the room: typed arrays, because plain ones of this length hold up the garbage collector. */
function grown(old: Entries, wanted: number): Entries {
  const next = { ...emptyEntries(2 * old.terms.length + wanted), count: old.count }
  next.terms.set(old.terms)
  next.docs.set(old.docs)
  next.weights.set(old.weights)
  return next
}

/** Term → documents with weights: the cosine of a sparse query against every document at once. */
export class Postings {
  private readonly ids = new Map<TermKey, number>()
  private building = emptyEntries(1_024)
  /** entries of term t: from `starts[t]` up to, not including, `ends[t]` */
  private starts = new Int32Array()
  private ends = new Int32Array()
  private docs = new Int32Array()
  private weights = new Float32Array()

  constructor(private readonly documents: number) {}

  /** `vector` is scaled to unit length here. */
  add(doc: number, vector: [term: TermKey, weight: number][]): void {
    let norm = 0
    for (const [, weight] of vector) norm += weight * weight
    norm = Math.sqrt(norm) || 1
    if (this.building.count + vector.length > this.building.terms.length) this.building = grown(this.building, vector.length)
    const { terms, docs, weights } = this.building
    for (const [term, weight] of vector) {
      let id = this.ids.get(term)
      if (id === undefined) this.ids.set(term, id = this.ids.size)
      const at = this.building.count++
      terms[at] = id
      docs[at] = doc
      weights[at] = weight / norm
    }
  }

  /** Sorts the entries by term, in steps. Terms in more than `widest` of the documents are left out: they tell nothing apart. */
  * finish(widest: number): Generator<void, void> {
    const { terms, docs, weights, count } = this.building
    const counts = new Int32Array(this.ids.size)
    for (let e = 0; e < count; e++) {
      counts[terms[e]!]!++
      if (e % SLICE === SLICE - 1) yield
    }
    this.starts = new Int32Array(counts.length)
    let total = 0
    for (let t = 0; t < counts.length; t++) {
      this.starts[t] = total
      if (counts[t]! > widest * this.documents) counts[t] = 0
      total += counts[t]!
    }
    this.ends = this.starts.slice()
    this.docs = new Int32Array(total)
    this.weights = new Float32Array(total)
    for (let e = 0; e < count; e++) {
      const term = terms[e]!
      if (counts[term]) {
        const at = this.ends[term]!++
        this.docs[at] = docs[e]!
        this.weights[at] = weights[e]!
      }
      if (e % SLICE === SLICE - 1) yield
    }
    this.building = emptyEntries(0)
  }

  score(query: Map<TermKey, number>): Float32Array {
    const { starts, ends, docs, weights } = this
    const scores = new Float32Array(this.documents)
    let norm = 0
    for (const [term, weight] of query) {
      norm += weight * weight
      const id = this.ids.get(term)
      if (id === undefined || weight === 0) continue
      for (let e = starts[id]!; e < ends[id]!; e++) scores[docs[e]!]! += weight * weights[e]!
    }
    norm = Math.sqrt(norm) || 1
    for (let i = 0; i < scores.length; i++) scores[i]! /= norm
    return scores
  }
}
