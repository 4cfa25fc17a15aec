import '#nitro-internal-pollyfills'
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { fail } from './say'

/*
 * The server on plain Node: one process, or with WORKERS a primary that keeps several of them. The primary loads nothing
 * of the product, so it stays small and has little that could fail.
 */
// A disk that is full under the output, or nobody who reads it, is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
process.on('unhandledRejection', error => log.error({ err: error }, 'Unhandled rejection'))
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'Uncaught exception')
  process.exit(1)
})

async function main(): Promise<void> {
  const { WORKERS } = env()
  if (cluster.isPrimary && WORKERS > 1) return (await import('./primary')).keepWorkers(fileURLToPath(import.meta.url), WORKERS)
  return (await import('./serve')).serve()
}

main().catch(fail)

export default {}
