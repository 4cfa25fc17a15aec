/** What is kept may be used while everything committed this long ago is known to have been heard of. */
export const TRUST_MS = 2_000

/** The feed and its connection of which something was learned; what another one said proves nothing. */
export type Epoch = number
/** Learned while nothing proved that changes are heard. */
export const NO_EPOCH: Epoch = -1

/**
 * Tells whether changes that other servers commit are heard in time. A heartbeat is a notification of our own: the
 * database delivers in the order of the commits, so one that has come back proves that everything committed before it
 * was sent has been heard (docs/decisions/0022). Times are milliseconds of any clock that never goes back.
 */
export class FeedHealth {
  /** Off on hosts that keep nothing between requests: the caches then give nothing and keep nothing. */
  on = false
  private epoch: Epoch = 0
  private open = false
  private immediate = false
  private sent = 0
  /** When the newest heartbeat that has come back was sent. */
  private heardUntil = Number.NEGATIVE_INFINITY
  /** Heartbeats on their way, by number. */
  private readonly underWay = new Map<number, number>()

  /** `name` tells this server's heartbeats from those of others on the same channel. */
  constructor(private readonly name: string) {}

  /** Changes are heard from now on. `immediate`: with the change itself, so that no heartbeat is needed. */
  opened(immediate: boolean): void {
    this.begin(true, immediate)
  }

  /** Something may have been missed: whatever was learned so far is of no use any more. */
  lost(): void {
    this.begin(false, false)
  }

  private begin(open: boolean, immediate: boolean): void {
    this.epoch++
    this.open = open
    this.immediate = immediate
    this.heardUntil = Number.NEGATIVE_INFINITY
    this.underWay.clear()
  }

  get isOpen(): boolean {
    return this.open
  }

  /** The next heartbeat; it has to be sent now. */
  beat(now: number): { payload: string, first: boolean } {
    const first = this.heardUntil === Number.NEGATIVE_INFINITY
    const number = ++this.sent
    this.underWay.set(number, now)
    return { payload: `h${this.name}.${this.epoch}.${number}`, first }
  }

  /** A heartbeat has come back; anybody else's, and one of an earlier connection, is nothing. */
  heard(payload: string): void {
    const [name, epoch, number] = payload.slice(1).split('.')
    if (name !== this.name || Number(epoch) !== this.epoch) return
    const sentAt = this.underWay.get(Number(number))
    if (sentAt === undefined) return
    this.heardUntil = Math.max(this.heardUntil, sentAt)
    for (const earlier of this.underWay.keys()) if (earlier <= Number(number)) this.underWay.delete(earlier)
  }

  /** Everything committed more than TRUST_MS before `now` has been heard. */
  trusted(now: number): boolean {
    return this.open && (this.immediate || now - this.heardUntil <= TRUST_MS)
  }

  /** For something about to be read: what it may be kept under. */
  epochFor(now: number): Epoch {
    return this.trusted(now) ? this.epoch : NO_EPOCH
  }

  /** Whether what was learned in `epoch` has been watched over without a gap. */
  vouchesFor(epoch: Epoch, now: number): boolean {
    return epoch === this.epoch && this.trusted(now)
  }

  /** For how long no heartbeat has come back; 0 where none is needed. */
  silence(now: number, openedAt: number): number {
    return this.immediate ? 0 : now - Math.max(this.heardUntil, openedAt)
  }
}
