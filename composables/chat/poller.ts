const MAX_BACK_OFF_MS = 10_000

/** The pause after the n-th failure in a row: doubling, with jitter so that a thousand browsers don't come back at once. */
export function backOffMs(failures: number, retryAfterMs: number | null = null, random = Math.random): number {
  const pause = Math.min(MAX_BACK_OFF_MS, 500 * 2 ** failures)
  return Math.max(retryAfterMs ?? 0, pause * (0.5 + random() / 2))
}

export interface PollerOptions {
  /** One request; answers with the milliseconds until the next. */
  poll: (signal: AbortSignal) => Promise<number>
  /** Told of each failure in a row; answers with the pause. */
  failed: (error: unknown, failures: number) => number
  /** Runs the loop in one tab at a time. */
  alone: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>
}

/** Asks again and again, one request in flight, until stopped. */
export function createPoller({ poll, failed, alone }: PollerOptions) {
  let running: AbortController | null = null
  let leading = false
  let wake: (() => void) | null = null
  let again = false

  const pause = (ms: number, signal: AbortSignal) => new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      wake = null
      resolve()
    }
    wake = done
    signal.addEventListener('abort', done)
  })

  async function loop(signal: AbortSignal): Promise<void> {
    leading = true
    let failures = 0
    while (!signal.aborted) {
      let delay: number
      again = false
      try {
        delay = await poll(signal)
        failures = 0
      }
      catch (error) {
        if (signal.aborted) break
        delay = failed(error, ++failures)
      }
      if (!again && !signal.aborted) await pause(delay, signal)
    }
    if (running?.signal === signal || !running) leading = false
  }

  return {
    start(): void {
      if (running) return
      const { signal } = (running = new AbortController())
      alone(signal, () => (signal.aborted ? Promise.resolve() : loop(signal))).catch(() => {})
    },
    stop(): void {
      running?.abort()
      running = null
      leading = false
    },
    /** Polls now, or straight after the request in flight. False when another tab does the polling. */
    kick(): boolean {
      if (!leading) return false
      again = true
      wake?.()
      return true
    },
  }
}
