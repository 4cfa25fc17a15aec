import { setTimeout as pause } from 'node:timers/promises'
import { RagFailure } from './rag-failure'

/** The time of one exchange, from connect to last byte, retries and redirects included. */
export interface Deadline {
  readonly signal: AbortSignal
  /** At least half of the time is left. */
  hasHalfLeft: () => boolean
  /** Waits, not past the deadline. Throws as `signal` does. */
  pause: (ms: number) => Promise<void>
  /** Ends the timer; call it when the exchange is over. */
  clear: () => void
}

/** `outer` ends it early with its own reason (a server that stops). */
export function startDeadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController()
  const started = performance.now()
  const timer = setTimeout(() => controller.abort(new RagFailure(`no answer within ${ms} ms`, { costly: true })), ms)
  const end = () => controller.abort(outer?.reason)
  if (outer?.aborted) end()
  outer?.addEventListener('abort', end, { once: true })
  return {
    signal: controller.signal,
    hasHalfLeft: () => performance.now() - started <= ms / 2,
    pause: wait => pause(wait, undefined, { signal: controller.signal }).catch(() => {
      throw controller.signal.reason
    }),
    clear: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', end)
    },
  }
}
