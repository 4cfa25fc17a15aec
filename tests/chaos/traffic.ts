import type { TestResponse } from '../support/api-client'

/** What all customers together have sent and been told, and what should not have been. */
export class Traffic {
  /** Messages and ratings that a server said yes to. */
  accepted = 0
  /** Requests sent again because a server said "not now", or nothing. */
  retries = 0
  /** Messages that were sent once more although they had been accepted. */
  resent = 0
  polls = 0
  unchangedPolls = 0
  /** Refusals because the disk is full. */
  fullDisk = 0
  /** How often each "not now" came: a status with its code, or `no answer`. */
  readonly refusals: Record<string, number> = {}
  readonly wrong: string[] = []
  /** The longest time in which no message or rating was accepted, in milliseconds. */
  longestGapMs = 0
  private lastAt = performance.now()

  accept(): void {
    const now = performance.now()
    this.longestGapMs = Math.max(this.longestGapMs, now - this.lastAt)
    this.lastAt = now
    this.accepted++
  }

  /** Whether the answer is final. "Not now" has to be a 503 that says when to come again; any other 5xx is a fault. null: none came. */
  isFinal(answer: TestResponse | null, what: string): answer is TestResponse {
    if (answer && answer.status < 500) return true
    const name = answer ? `${answer.status} ${answer.body?.code ?? ''}`.trim() : 'no answer'
    this.refusals[name] = (this.refusals[name] ?? 0) + 1
    if (!answer) return false
    if (answer.status !== 503 || answer.body?.code !== 'UNAVAILABLE' || !(Number(answer.headers.get('retry-after')) > 0)) this.complain(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`)
    if (/disk is full/.test(answer.text)) this.fullDisk++
    return false
  }

  /** Each complaint once, and not thousands of them. */
  complain(what: string): void {
    if (this.wrong.length < 200 && !this.wrong.includes(what)) this.wrong.push(what)
  }
}
