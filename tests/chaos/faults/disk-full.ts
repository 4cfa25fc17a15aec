import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../world'

/** So many refusals because of it, and it has been felt. */
const FELT = 20
const PATIENCE_MS = 30_000

/** The database's disk is full, until so many customers were told; then somebody makes room. PostgreSQL may have ended over it: then it is started again. */
export const diskFull: Fault = async ({ disk, cluster, traffic }) => {
  const before = traffic.fullDisk
  const since = performance.now()
  try {
    while (traffic.fullDisk - before < FELT && performance.now() - since < PATIENCE_MS) {
      disk!.fill()
      await pause(100)
    }
  }
  finally {
    disk!.makeRoom()
  }
  const ended = !await cluster.isRunning()
  await cluster.start()
  const refused = traffic.fullDisk - before
  if (!refused && !ended) traffic.complain('the full disk was not felt')
  return { disk_full_ms: Math.round(performance.now() - since), disk_full_refusals: refused, database_ended_over_full_disk: Number(ended) }
}
