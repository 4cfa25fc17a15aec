import autocannon from 'autocannon'

export interface Asked { method: 'GET' | 'POST', path: string, headers?: Record<string, string>, body?: string }
export interface Loaded { perSecond: number, p50: number, p95: number, p99: number, answers: number, wrong: number }

const quantile = (sorted: Float64Array, share: number) => sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]! : Number.NaN

/**
 * Asks as quickly as `connections` callers can, each the next thing as soon as it has its answer. Caller number n asks
 * `asks[n % asks.length]` again and again. Milliseconds; `wrong` counts answers of another status and failed connections.
 */
export async function load(origin: string, asks: (Asked | (() => Asked))[], { connections = 32, seconds, status }: { connections?: number, seconds: number, status: number }): Promise<Loaded> {
  let caller = 0
  const times: number[] = []
  let wrong = 0
  const run = autocannon({
    url: origin,
    connections,
    duration: seconds,
    setupClient: (client) => {
      const ask = asks[caller++ % asks.length]!
      const fixed = typeof ask === 'function' ? undefined : ask
      client.setRequests([fixed ?? { ...(ask as () => Asked)(), setupRequest: request => ({ ...request, ...(ask as () => Asked)() }) }])
    },
  })
  run.on('response', (_client, code, _bytes, ms) => {
    times.push(ms)
    if (code !== status) wrong++
  })
  const { errors, timeouts, duration } = await run
  const sorted = Float64Array.from(times).sort()
  return { perSecond: times.length / duration, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99), answers: times.length, wrong: wrong + errors + timeouts }
}
