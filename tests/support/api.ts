import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, lazyEventHandler, toNodeListener, useBase, type EventHandler, type H3Event } from 'h3'
import { hashPassword } from '#server/core/password-hash'
import { setDatabase } from '#server/db/client'
import { insertUser } from '#server/db/users'
import { openSession } from '#server/services/accounts/sessions'
import { stopApplication } from '#server/services/application'
import { setMigrationSource } from '#server/services/migrations'
import { seedNewDatabase } from '#server/services/seed'
import errorHandler from '#server/utils/error-handler'
import { resetRateLimits } from '#server/utils/rate-limit'
import type { Role, SessionUser } from '#shared/contracts/auth'
import { createTestClient, type TestClient } from './api-client'
import { apiRoutes } from './api-routes'
import { inspectAnswer as isAsDocumented } from './inspect-answer'
import { migrations } from './database-template'
import { openTestDatabase, type TestDatabase } from './test-database'

/** What every account made by `customer()` and `admin()` signs in with. */
export const PASSWORD = 'olive-harbour-lemon-linen'

export interface SignedInClient extends TestClient {
  user: SessionUser
}

export interface ApiHarness {
  /** `http://127.0.0.1:<port>` */
  origin: string
  db: TestDatabase
  /** Somebody who is not signed in. */
  visitor: () => TestClient
  /** A new customer, signed in. The account is made in the database: 1 ms instead of the 200 of hashing twice. */
  customer: (name?: string) => Promise<SignedInClient>
  admin: (name?: string) => Promise<SignedInClient>
  /** Waits for the work that goes on after an answer (`waitUntil`). */
  settled: () => Promise<void>
  /** A new start: empty tables, the seed again, no rate counted. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

export interface HarnessOptions {
  /** Environment variables, such as `RATE_LIMITS: 'off'` (the default here is `off`). */
  variables?: Record<string, string>
  /** Without the seed's FAQs and config. */
  empty?: boolean
}

const middlewareFiles = import.meta.glob<{ default: EventHandler }>('/server/middleware/*.ts', { eager: true })

/** The files of server/api with their routes, for tests that walk all of them. */
export const routes = apiRoutes

/** Every real route and middleware on a real HTTP server of this process, over a database of this test file's own. */
export async function startApi({ variables = {}, empty = false }: HarnessOptions = {}): Promise<ApiHarness> {
  const db = await openTestDatabase({ RATE_LIMITS: 'off', ...variables })
  setMigrationSource(async () => migrations)
  const seed = async () => empty ? undefined : void await seedNewDatabase({ demoAccounts: false })
  await seed()
  resetRateLimits()

  const background = new Set<Promise<unknown>>()
  // On a busy machine the default of 5 s closes a connection just as the client takes it up again.
  const server = createServer({ keepAliveTimeout: 120_000 }, toNodeListener(assemble(background)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const settled = async () => {
    while (background.size) await Promise.allSettled(background)
  }
  const signedIn = async (role: Role, name: string) => {
    const client = createTestClient(origin, isAsDocumented)
    return Object.assign(client, { user: await addAccount(client, role, name) })
  }
  return {
    origin,
    db,
    visitor: () => createTestClient(origin, isAsDocumented),
    customer: (name = 'Anna') => signedIn('customer', name),
    admin: (name = 'Ada') => signedIn('admin', name),
    settled,
    reset: async () => {
      await settled()
      await db.reset()
      // Another object, so that whatever is kept for the old database counts as another database's.
      setDatabase({ ...db.database })
      resetRateLimits()
      await seed()
    },
    close: async () => {
      server.closeIdleConnections()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
      await settled()
      await stopApplication()
      await db.close()
    },
  }
}

/** The same order as in production: middleware by file name, then the routes; one error handler around it all. */
function assemble(background: Set<Promise<unknown>>) {
  const app = createApp({
    onError: (error, event) => (errorHandler as (error: unknown, event: H3Event) => Promise<void>)(error, event),
    onRequest: (event) => {
      event.waitUntil = (work: Promise<unknown>) => {
        background.add(work)
        void work.finally(() => background.delete(work)).catch(() => {})
      }
    },
  })
  for (const [, module] of Object.entries(middlewareFiles).sort(([a], [b]) => a.localeCompare(b))) app.use(module.default)
  const router = createRouter({ preemptive: true })
  for (const { route, load } of routes) router.use(route, lazyEventHandler(async () => (await load()).default))
  app.use(useBase('/', router.handler))
  return app
}

let passwordHash: Promise<string> | undefined
let made = 0

async function addAccount(client: TestClient, role: Role, name: string): Promise<SessionUser> {
  const email = `${name.toLowerCase().replace(/\W+/g, '-')}-${process.pid}-${++made}@example.com`
  const row = await insertUser({ email, name, passwordHash: await (passwordHash ??= hashPassword(PASSWORD)), role })
  const { token } = await openSession(row!.id, 'tests')
  client.cookies.set('vb_session', token)
  return { id: row!.id, email, name, role }
}
