/** How long a worker may take to answer; one that is starting, stuck or dying is left out. */
const ANSWER_MS = 2_000

interface Collection {
  waiting: Set<number>
  values: unknown[]
  finish: () => void
}

export interface CollectionPlan {
  /** Asks this worker, under the number of the collection. */
  ask: (worker: number, collection: number) => void
  /** Called once, with what came; null answers are left out. */
  done: (values: unknown[]) => void
}

/** Gathers one answer of each worker for whichever of them asked. */
export class Collections {
  private readonly open = new Map<number, Collection>()
  private last = 0

  constructor(private readonly answerMs = ANSWER_MS) {}

  begin(workers: number[], { ask, done }: CollectionPlan): void {
    const number = ++this.last
    const values: unknown[] = []
    const timer = setTimeout(() => finish(), this.answerMs)
    const finish = () => {
      clearTimeout(timer)
      if (this.open.delete(number)) done(values)
    }
    this.open.set(number, { waiting: new Set(workers), values, finish })
    for (const worker of workers) ask(worker, number)
    if (!workers.length) finish()
  }

  answer(number: number, worker: number, value: unknown): void {
    const collection = this.open.get(number)
    if (!collection?.waiting.delete(worker)) return
    if (value !== null) collection.values.push(value)
    if (!collection.waiting.size) collection.finish()
  }

  /** A worker that has died answers nothing any more. */
  forget(worker: number): void {
    for (const number of [...this.open.keys()]) this.answer(number, worker, null)
  }
}
