import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, lazyEventHandler, toNodeListener, useBase, type H3Event } from 'h3'
import { apiRoutes } from '#api-routes'
import { env } from '#server/core/env'
import { readMigrationsFrom } from '#server/db/migrate'
import { startApplication, stopApplication } from '#server/services/application'
import { startBackgroundWork } from '#server/services/background-work'
import { setMigrationSource } from '#server/services/migrations'
import errorHandler from '#server/utils/error-handler'

/*
 * The server's own routes and services on plain Node, in a process of its own and without Nuxt: made into one file in a
 * second (./bundle-server.ts), for what takes many processes. What Nuxt adds (pages, headers) is tested on the real build.
 */
async function main() {
  setMigrationSource(async () => readMigrationsFrom('drizzle/migrations'))
  const app = createApp({ onError: (error, event) => (errorHandler as (error: unknown, event: H3Event) => Promise<void>)(error, event) })
  const router = createRouter({ preemptive: true })
  for (const { route, load } of apiRoutes) router.use(route, lazyEventHandler(async () => (await load()).default))
  app.use(useBase('/', router.handler))
  const server = createServer(toNodeListener(app))
  await startApplication()
  startBackgroundWork()
  await new Promise<void>(resolve => server.listen(env().PORT, '127.0.0.1', resolve))
  console.error(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  process.on('SIGTERM', async () => {
    const closed = new Promise(resolve => server.close(resolve))
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    await closed
    clearInterval(idle)
    await stopApplication()
    process.exit(0)
  })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
