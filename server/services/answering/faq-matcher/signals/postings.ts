/** Term → documents with weights: the cosine of a sparse query against every document at once. */
export class Postings {
  private readonly lists = new Map<string | number, { docs: Int32Array, weights: Float32Array }>()
  private readonly building = new Map<string | number, number[]>()

  constructor(private readonly documents: number) {}

  /** `vector` is scaled to unit length here. */
  add(doc: number, vector: Map<string | number, number>): void {
    let norm = 0
    for (const weight of vector.values()) norm += weight * weight
    norm = Math.sqrt(norm) || 1
    for (const [term, weight] of vector) {
      let list = this.building.get(term)
      if (!list) this.building.set(term, list = [])
      list.push(doc, weight / norm)
    }
  }

  /** Freezes the lists. Terms in more than `widest` of the documents are left out: they tell nothing apart. */
  finish(widest: number): void {
    for (const [term, list] of this.building) {
      const length = list.length / 2
      if (length > widest * this.documents) continue
      const docs = new Int32Array(length)
      const weights = new Float32Array(length)
      for (let i = 0; i < length; i++) {
        docs[i] = list[2 * i]!
        weights[i] = list[2 * i + 1]!
      }
      this.lists.set(term, { docs, weights })
    }
    this.building.clear()
  }

  score(query: Map<string | number, number>): Float32Array {
    const scores = new Float32Array(this.documents)
    let norm = 0
    for (const [term, weight] of query) {
      norm += weight * weight
      const list = this.lists.get(term)
      if (!list || weight === 0) continue
      const { docs, weights } = list
      for (let i = 0; i < docs.length; i++) scores[docs[i]!]! += weight * weights[i]!
    }
    norm = Math.sqrt(norm) || 1
    for (let i = 0; i < scores.length; i++) scores[i]! /= norm
    return scores
  }
}
