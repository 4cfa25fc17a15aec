import { v7 } from 'uuid'
import { log } from '#server/core/log'
import type { ChangeFeed, OpenFeed } from '#server/db/change-feed'
import { listenToChanges } from '#server/db/changes'
import { FeedHealth } from './feed-health'
import { WatchedCache, type CacheLimits } from './watched-cache'

/** How often a heartbeat is sent: several of them fit into what is trusted, so a late one costs nothing. */
const BEAT_MS = 500
/** A connection that has brought nothing back for so long is given up, though nobody has closed it. */
const DEAF_MS = 5_000

/**
 * Keeps the caches of this process right while other servers write to the same database: hears their changes over a feed,
 * and proves by heartbeats that it does. While that is not proven the caches give nothing (docs/decisions/0022).
 */
export class ChangeWatch {
  readonly health = new FeedHealth(v7())
  private readonly caches: WatchedCache<unknown>[] = []
  private feed: ChangeFeed | undefined
  private opening: Promise<void> | undefined
  private openedAt = 0
  private openFeed: OpenFeed | undefined
  private timer: NodeJS.Timeout | undefined
  private complained = false

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** A cache that this watch keeps right; this process's own changes reach it without the feed. */
  cache<Value>(limits: CacheLimits): WatchedCache<Value> {
    const cache = new WatchedCache<Value>(this.health, limits, this.clock)
    this.caches.push(cache as WatchedCache<unknown>)
    listenToChanges(cache)
    return cache
  }

  /** What to listen to; `tick` then does. */
  attach(openFeed: OpenFeed): void {
    this.openFeed = openFeed
    this.health.on = true
  }

  /** Begins to listen, and goes on trying while the database is away. Resolves after the first try. */
  async start(openFeed: OpenFeed): Promise<void> {
    if (this.openFeed) return
    this.attach(openFeed)
    this.timer = setInterval(() => void this.tick(), BEAT_MS).unref()
    await this.tick()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.openFeed = undefined
    this.health.on = false
    await this.opening
    await this.drop()
    for (const cache of this.caches) cache.clear()
  }

  /** One round: connects where nothing is heard, else sends a heartbeat. */
  async tick(): Promise<void> {
    if (this.feed && this.health.silence(this.clock(), this.openedAt) > DEAF_MS) await this.drop()
    if (!this.feed) await (this.opening ??= this.open().finally(() => this.opening = undefined))
    await this.beat()
  }

  private async open(): Promise<void> {
    if (!this.openFeed) return
    let current = true
    const lost = () => {
      if (!current) return
      current = false
      this.feed = undefined
      this.health.lost()
    }
    try {
      const feed = await this.openFeed({ heard: payload => current && this.hear(payload), lost })
      if (!current) return await feed.close()
      this.feed = { ...feed, close: async () => {
        lost()
        await feed.close()
      } }
      this.openedAt = this.clock()
      this.health.opened(feed.immediate)
    }
    catch (error) {
      lost()
      if (!this.complained) log.warn({ err: error }, 'Changes of other servers cannot be heard just now: every poll asks the database until they can')
      this.complained = true
    }
  }

  private async beat(): Promise<void> {
    if (!this.feed || this.feed.immediate) return
    const { payload, first } = this.health.beat(this.clock())
    // A failure shows as a heartbeat that does not come back.
    await (first ? this.feed.sendFromOutside(payload) : this.feed.send(payload)).catch(() => {})
  }

  private hear(payload: string): void {
    if (!payload.startsWith('h')) {
      for (const cache of this.caches) cache.touch(payload)
      return
    }
    this.health.heard(payload)
    if (this.complained && this.health.trusted(this.clock())) {
      this.complained = false
      log.info('Changes of other servers are heard again')
    }
  }

  private async drop(): Promise<void> {
    const { feed } = this
    this.feed = undefined
    await feed?.close()
  }
}

/** The watch of this process. */
export const changeWatch = new ChangeWatch()
