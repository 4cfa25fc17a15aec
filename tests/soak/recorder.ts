import { quantile } from './figures'

/** What customers felt in one minute. Milliseconds. */
export interface Minute { minute: number, requests: number, p50: number, p95: number, p99: number, polls95: number, questions95: number, errors: number }

const LISTED = 20

/** Counts answers and keeps their times for a minute, so that half an hour of them costs no memory here. */
export class Recorder {
  requests = 0
  actions = 0
  /** Actions that were not begun: the server was behind. */
  leftOut = 0
  readonly statuses: Record<string, number> = {}
  /** What should not have come, by kind of request and reason. */
  readonly errors: Record<string, number> = {}
  /** The first words of some of them. */
  readonly examples: string[] = []
  readonly minutes: Minute[] = []
  #times = new Map<string, number[]>()
  #errorsBefore = 0

  answered(kind: string, status: number, ms: number): void {
    this.requests++
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    const times = this.#times.get(kind)
    if (times) times.push(ms)
    else this.#times.set(kind, [ms])
  }

  wrong(kind: string, reason: string, words = ''): void {
    const key = `${kind}: ${reason}`
    this.errors[key] = (this.errors[key] ?? 0) + 1
    if (this.examples.length < LISTED) this.examples.push(`${key} ${words.slice(0, 300)}`)
  }

  get errorCount(): number {
    return Object.values(this.errors).reduce((sum, count) => sum + count, 0)
  }

  /** Closes the minute that is going on. */
  endMinute(): Minute {
    const all = [...this.#times.values()].flat()
    const of = (kind: string) => quantile(this.#times.get(kind) ?? [], 0.95)
    const minute = { minute: this.minutes.length + 1, requests: all.length, p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99), polls95: of('poll'), questions95: of('question'), errors: this.errorCount - this.#errorsBefore }
    this.#times = new Map()
    this.#errorsBefore = this.errorCount
    this.minutes.push(minute)
    return minute
  }
}
