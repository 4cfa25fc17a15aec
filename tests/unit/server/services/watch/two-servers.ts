import type { ChangeFeed, FeedEvents } from '#server/db/change-feed'
import { ChangeWatch } from '#server/services/watch/change-watch'
import type { WatchedCache } from '#server/services/watch/watched-cache'

export const MAX_AGE_MS = 60_000
const CUSTOMER = 'anna'

interface Commit { at: number, version: number }
/** What the database sends over one connection, in its order, each with the connection it leaves on. */
interface Letter { line: Line, payload: string }

class Line {
  up = true
  /** A pooler: what others say does not come through. */
  deafToOthers = false
  readonly letters: Letter[] = []
  constructor(readonly server: Server, readonly events: FeedEvents) {}
}

/** A PostgreSQL as far as the watch can see one: versions by customer, commits in an order, notifications in that order. */
export class World {
  now = 0
  readonly servers: Server[]
  readonly commits = new Map<string, Commit[]>()
  readonly lines = new Set<Line>()
  reachable = true

  constructor(customers: string[] = [CUSTOMER], servers = 2) {
    for (const customer of customers) this.commits.set(customer, [{ at: 0, version: 1 }])
    this.servers = Array.from({ length: servers }, () => new Server(this))
  }

  version(customer: string): number {
    return this.commits.get(customer)!.at(-1)!.version
  }

  commit(customer: string): number {
    const version = this.version(customer) + 1
    this.commits.get(customer)!.push({ at: this.now, version })
    this.tell(`c${customer}`)
    return version
  }

  /** The newest version that had been committed at a time. */
  versionAt(customer: string, at: number): number {
    return this.commits.get(customer)!.findLast(commit => commit.at <= at)?.version ?? 0
  }

  tell(payload: string, from?: Line): void {
    for (const line of this.lines) if (line.up && !(line.deafToOthers && line !== from)) line.letters.push({ line, payload })
  }
}

/** A server of ours: the real watch over a feed of the world, with everything that takes time in the test's hands. */
export class Server {
  readonly watch: ChangeWatch
  readonly cache: WatchedCache<number>
  line: Line | undefined
  /** Reads that have left the database and not arrived: the version they saw. */
  readonly reads: { customer: string, arrive: () => void, done: Promise<unknown> }[] = []
  /** Own changes whose outcome has not arrived; `version` once they are committed. */
  readonly writes: { customer: string, version?: number }[] = []
  /** The newest version that a write of this server has been told of. */
  readonly written = new Map<string, number>()

  constructor(private readonly world: World) {
    this.watch = new ChangeWatch(() => this.world.now)
    this.cache = this.watch.cache<number>({ entries: 100, maxAgeMs: MAX_AGE_MS, unwatchedMs: 0 })
    this.watch.attach(this.openFeed)
  }

  /** The next connection goes through a pooler. */
  pooled = false

  private openFeed = async (events: FeedEvents): Promise<ChangeFeed> => {
    if (!this.world.reachable) throw new Error('The database is away')
    const line = new Line(this, events)
    line.deafToOthers = this.pooled
    this.world.lines.add(line)
    this.line = line
    return {
      immediate: false,
      send: async payload => this.world.tell(payload, line),
      sendFromOutside: async payload => this.world.tell(payload),
      close: async () => this.cut(line),
    }
  }

  cut(line: Line | undefined): void {
    if (!line?.up) return
    line.up = false
    this.world.lines.delete(line)
  }

  /** The connection ends, and the server notices: what was under way is gone. */
  lose(): void {
    const { line } = this
    this.cut(line)
    line?.events.lost()
  }

  /** Hands over the next of what the database has sent. */
  deliver(): void {
    const letter = this.line?.letters.shift()
    if (letter) this.line!.events.heard(letter.payload)
  }

  /** A quiet moment: a heartbeat goes out, and everything sent so far arrives. */
  async calm(): Promise<void> {
    await this.watch.tick()
    this.deliverAll()
  }

  deliverAll(): void {
    while (this.line?.up && this.line.letters.length) this.deliver()
  }

  beginWrite(customer: string): void {
    this.cache.begin(`c${customer}`)
    this.writes.push({ customer })
  }

  commitWrite(index: number): void {
    const write = this.writes[index]!
    write.version ??= this.world.commit(write.customer)
  }

  /** Its outcome arrives; one that was never committed has been taken back. */
  endWrite(index: number): void {
    const [{ customer, version = 0 }] = this.writes.splice(index, 1) as [{ customer: string, version?: number }]
    this.written.set(customer, Math.max(this.written.get(customer) ?? 0, version))
    this.cache.end(`c${customer}`)
  }

  beginRead(customer: string): void {
    let arrive = () => {}
    // What it will find is decided now; when the answer arrives is the test's business.
    const value = this.world.version(customer)
    const arrived = new Promise<void>(resolve => arrive = resolve)
    const done = this.cache.read(customer, async () => {
      await arrived
      return { value, tags: [`c${customer}`], keep: true }
    })
    this.reads.push({ customer, arrive, done })
  }

  async endRead(index: number): Promise<void> {
    const [read] = this.reads.splice(index, 1)
    read!.arrive()
    await read!.done
  }
}
