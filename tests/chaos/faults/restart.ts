import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../world'

/** The database goes away in the middle of everything and comes back. While it is away no server says that it is ready. */
export const restart: Fault = async ({ cluster, machines, traffic, random }) => {
  const since = performance.now()
  await cluster.stop()
  for (const { origin, name } of machines) {
    const ready = await fetch(`${origin}/api/health/ready`).then(({ status, headers }) => ({ status, retryAfter: Number(headers.get('retry-after')) }), () => null)
    if (ready && (ready.status !== 503 || !(ready.retryAfter > 0))) traffic.complain(`${name} answered ${ready.status} (Retry-After ${ready.retryAfter}) to "ready" while the database was away`)
  }
  await pause(random.between(0, 1_500))
  await cluster.start()
  return { database_away_ms: Math.round(performance.now() - since) }
}
