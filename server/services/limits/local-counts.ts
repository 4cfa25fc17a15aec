import { keepSeconds, oldestSlice, sliceAt, waitFor, type Hits, type RateLimit } from './window'

interface Kept {
  limit: RateLimit
  /** As the shared count knew them when it was last asked. */
  shared: Hits
  /** Since then, here. */
  fresh: Hits
}

/** Beyond so many keys the one not seen for longest is forgotten: a flood of addresses must not fill the memory. */
const KEYS_MAX = 100_000

/** Counts in this process's memory. */
export class LocalCounts {
  private readonly kept = new Map<string, Kept>()

  constructor(private readonly now: () => number, private readonly keysMax = KEYS_MAX) {}

  /** Takes one call; gives 0, or the milliseconds until one fits and takes none. */
  take(limit: RateLimit, key: string): number {
    const now = this.now()
    const kept = this.kept.get(key) ?? { limit, shared: new Map(), fresh: new Map() }
    const wait = waitFor(limit, sum(kept.shared, kept.fresh), now)
    // At the end again: the map is in order of use.
    this.kept.delete(key)
    this.kept.set(key, kept)
    if (this.kept.size > this.keysMax) this.kept.delete(this.kept.keys().next().value!)
    if (wait > 0) return wait
    drop(kept, oldestSlice(limit, now))
    add(kept.fresh, sliceAt(limit, now), 1)
    return 0
  }

  /** Gives the newest call back. */
  giveBack(key: string): void {
    const kept = this.kept.get(key)
    if (!kept) return
    const all = sum(kept.shared, kept.fresh)
    const newest = Math.max(...[...all].filter(([, count]) => count > 0).map(([slice]) => slice))
    // A negative number of fresh calls takes it back from the shared count too, at the next exchange.
    if (Number.isFinite(newest)) add(kept.fresh, newest, -1)
  }

  /** What came since the last call of this, to be added to the shared count; `merge` brings that back. */
  drainFresh(): { key: string, limit: RateLimit, hits: Hits }[] {
    const drained = [...this.kept].filter(([, { fresh }]) => fresh.size > 0).map(([key, { limit, fresh }]) => ({ key, limit, hits: new Map(fresh) }))
    for (const { key, hits } of drained) this.merge(key, sum(this.kept.get(key)!.shared, hits), hits)
    return drained
  }

  /** The shared count as it is now; `sent` is what of the fresh calls it has in it. */
  merge(key: string, shared: Hits, sent: Hits = new Map()): void {
    const kept = this.kept.get(key)
    if (!kept) return
    kept.shared = shared
    for (const [slice, count] of sent) add(kept.fresh, slice, -count)
    for (const [slice, count] of kept.fresh) if (count === 0) kept.fresh.delete(slice)
  }

  /** Puts calls back that could not be brought to the shared count. */
  returnFresh(key: string, hits: Hits): void {
    const kept = this.kept.get(key)
    if (!kept) return
    for (const [slice, count] of hits) {
      add(kept.fresh, slice, count)
      add(kept.shared, slice, -count)
    }
  }

  /** Forgets keys whose window is over. */
  sweep(): void {
    const now = this.now()
    for (const [key, { limit, shared, fresh }] of this.kept) {
      const newest = Math.max(0, ...shared.keys(), ...fresh.keys())
      if (newest * limit.seconds * 1000 / 60 < now - keepSeconds(limit) * 1000) this.kept.delete(key)
    }
  }

  get size(): number {
    return this.kept.size
  }
}

const add = (hits: Hits, slice: number, count: number) => void hits.set(slice, (hits.get(slice) ?? 0) + count)

function sum(a: Hits, b: Hits): Hits {
  const total = new Map(a)
  for (const [slice, count] of b) add(total, slice, count)
  return total
}

function drop({ shared, fresh }: Kept, oldest: number): void {
  for (const hits of [shared, fresh]) for (const slice of hits.keys()) if (slice < oldest) hits.delete(slice)
}
