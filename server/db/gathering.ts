import { isPrimaryOutsideTransaction } from './client'

/** How many look-ups one statement holds at most. */
const MOST = 200
/** So many statements of a kind are under way before those that come next wait, and go together. */
const AT_ONCE = 2

interface Waiting<Key, Found> { key: Key, resolve: (found: Found | null) => void, reject: (error: unknown) => void }

/**
 * Look-ups of one kind. As long as they are few each is a statement of its own, at once; when they come quicker than they
 * are answered, one statement looks up all that wait. What is found was read after it was asked for.
 */
export class Gathering<Key, Found> {
  private readonly waiting: Waiting<Key, Found>[] = []
  private underWay = 0

  /** `findMany` gives what was found in the order of the keys, null where there is nothing. */
  constructor(private readonly findOne: (key: Key) => Promise<Found | null>, private readonly findMany: (keys: Key[]) => Promise<(Found | null)[]>) {}

  find(key: Key): Promise<Found | null> {
    // What a transaction sees, and what a replica gives, is nobody else's.
    if (!isPrimaryOutsideTransaction()) return this.findOne(key)
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject })
      this.next()
    })
  }

  private next(): void {
    while (this.underWay < AT_ONCE && this.waiting.length) {
      this.underWay++
      void this.look(this.waiting.splice(0, MOST)).finally(() => {
        this.underWay--
        this.next()
      })
    }
  }

  private async look(asked: Waiting<Key, Found>[]): Promise<void> {
    try {
      const found = asked.length === 1 ? [await this.findOne(asked[0]!.key)] : await this.findMany(asked.map(({ key }) => key))
      for (const [index, { resolve }] of asked.entries()) resolve(found[index] ?? null)
    }
    catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
