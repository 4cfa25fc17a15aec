import type { ChangeListener } from '#server/db/changes'
import { NO_EPOCH, type Epoch, type FeedHealth } from './feed-health'

export interface CacheLimits {
  /** How many are kept; the one not used for longest goes first. */
  entries: number
  /** Not kept longer than this, whatever is heard; each entry for between half of it and all of it. */
  maxAgeMs: number
  /** How long it may be used while the feed cannot be trusted; 0: not at all. */
  unwatchedMs: number
}

interface Entry<Value> { value: Value, tags: string[], epoch: Epoch, learntAt: number, maxAgeMs: number }

/** Its multiples, without their whole parts, lie evenly between 0 and 1 however many there are. */
const GOLDEN_RATIO = 0.618_033_988_749_895
interface Flight { since: number, epoch: Epoch, learntAt: number }

/** What a reading gave: the value with what it depends on; `keep: false` where the next one has to read again. */
export interface Learnt<Value> { value: Value, tags: string[], keep: boolean }

/**
 * Values read from the database that are dropped when what they depend on changes. A change that becomes known while a
 * value is being read, or that is being written at that time, keeps it from being kept: it may have been read before.
 */
export class WatchedCache<Value> implements ChangeListener {
  private readonly entries = new Map<string, Entry<Value>>()
  private readonly keysOf = new Map<string, Set<string>>()
  private readonly flights = new Set<Flight>()
  private readonly writers = new Map<string, number>()
  /** When each tag was last touched, in that order; only as far back as the oldest reading under way. */
  private readonly touched = new Map<string, number>()
  private ticks = 0
  private learnt = 0

  constructor(private readonly health: FeedHealth, private readonly limits: CacheLimits, private readonly clock: () => number = () => performance.now()) {}

  /** What is kept under the key, where it may be used just now. */
  find(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (!entry || !this.health.on) return undefined
    const now = this.clock()
    const age = now - entry.learntAt
    const usable = age < this.limits.unwatchedMs || (age <= entry.maxAgeMs && this.health.vouchesFor(entry.epoch, now))
    if (!usable) return undefined
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry.value
  }

  /** Reads and, where nothing speaks against it, keeps what was read. null: there is nothing to keep. */
  async read<Found extends Learnt<Value> | null>(key: string, load: () => Promise<Found>): Promise<Found> {
    const learntAt = this.clock()
    const flight: Flight = { since: this.ticks, epoch: this.health.epochFor(learntAt), learntAt }
    this.flights.add(flight)
    try {
      const found = await load()
      if (found?.keep) this.keep(key, found, flight)
      return found
    }
    finally {
      this.flights.delete(flight)
      this.forgetTouches()
    }
  }

  private keep(key: string, { value, tags }: Learnt<Value>, { since, epoch, learntAt }: Flight): void {
    if (!this.health.on || (epoch === NO_EPOCH && this.limits.unwatchedMs === 0)) return
    if (tags.some(tag => this.writers.has(tag) || (this.touched.get(tag) ?? 0) > since)) return
    this.remove(key)
    // What was learnt at once (a start, a lost connection) must not have to be learnt again at once.
    const maxAgeMs = this.limits.maxAgeMs * (1 - (++this.learnt * GOLDEN_RATIO % 1) / 2)
    this.entries.set(key, { value, tags, epoch, learntAt, maxAgeMs })
    for (const tag of tags) {
      const keys = this.keysOf.get(tag)
      if (keys) keys.add(key)
      else this.keysOf.set(tag, new Set([key]))
    }
    if (this.entries.size > this.limits.entries) this.remove(this.entries.keys().next().value!)
  }

  /** What depends on the tag has changed, or may have. */
  touch(tag: string): void {
    this.ticks++
    if (this.flights.size) {
      this.touched.delete(tag)
      this.touched.set(tag, this.ticks)
    }
    for (const key of this.keysOf.get(tag) ?? []) this.remove(key)
  }

  begin(tag: string): void {
    this.writers.set(tag, (this.writers.get(tag) ?? 0) + 1)
    this.touch(tag)
  }

  end(tag: string): void {
    const left = (this.writers.get(tag) ?? 0) - 1
    if (left > 0) this.writers.set(tag, left)
    else this.writers.delete(tag)
    this.touch(tag)
  }

  /** How many values are kept. */
  get size(): number {
    return this.entries.size
  }

  /** Forgets everything; another database may be behind it next. */
  clear(): void {
    this.entries.clear()
    this.keysOf.clear()
    // What is being read just now must not come in afterwards.
    for (const flight of this.flights) flight.since = Number.NEGATIVE_INFINITY
    this.flights.clear()
    this.touched.clear()
  }

  private remove(key: string): void {
    const entry = this.entries.get(key)
    if (!entry) return
    this.entries.delete(key)
    for (const tag of entry.tags) {
      const keys = this.keysOf.get(tag)!
      keys.delete(key)
      if (keys.size === 0) this.keysOf.delete(tag)
    }
  }

  private forgetTouches(): void {
    const oldest = this.flights.values().next().value?.since ?? Number.POSITIVE_INFINITY
    for (const [tag, tick] of this.touched) {
      if (tick > oldest) break
      this.touched.delete(tag)
    }
  }
}
