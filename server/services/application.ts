import { env, isLoopbackHost, type Env } from '#server/core/env'
import { log } from '#server/core/log'
import { isFunctionsHost } from '#server/core/platform'
import { isTracing, setTracing, type Tracing } from '#server/core/trace'
import { database, isDatabaseOpen, setDatabase } from '#server/db/client'
import { releaseDeliveries } from '#server/db/deliveries'
import { findVectors, insertVectors } from '#server/db/faq-vectors'
import { releaseClaims } from '#server/db/messages'
import { isSchemaCurrent, migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { closeReplica, openReplica } from '#server/db/replica'
import { preloadArtifacts } from './answering/faq-matcher/artifacts'
import { EndpointEncoder } from './answering/faq-matcher/encoder/embedding-endpoint'
import { closeEncoder, configureEncoder } from './answering/faq-matcher/encoder/encoder-service'
import { closeRagConnections, ragDispatcher } from './answering/rag/http/dispatcher'
import { runInBackground } from './background'
import { stopBackgroundWork } from './background-work'
import { finishAbandonedQuestions, settleReplies } from './conversations/reply-to-question'
import { warmFaqCatalogue } from './faqs/faq-catalogue'
import { closeLimits } from './limits/limits'
import { loadMigrations } from './migrations'
import { observeDatabase } from './observe-database'
import { deliverDue, stopDelivering } from './outbox/deliver-feedback'
import { ensureAdmin, seedNewDatabase, type DemoAccount } from './seed'
import { startTracing } from './tracing'
import { changeWatch } from './watch/change-watch'

export interface StartReport {
  database: 'pglite' | 'postgres'
  migrationsApplied: string[]
  /** Only from the start that filled the embedded database: the passwords are never shown again. */
  demoAccounts: DemoAccount[]
}

let tracing: Tracing | undefined
let starting: Promise<StartReport> | undefined

/**
 * Opens and fills the database and takes up what an earlier run left. Every request awaits it; after a failure the next
 * call tries again (a database that was not up yet). Throws `StartupError`.
 */
export function startApplication(): Promise<StartReport> {
  // A test brings its own database.
  if (!starting && isDatabaseOpen()) return starting = Promise.resolve({ database: database().kind, migrationsApplied: [], demoAccounts: [] })
  starting ??= start().catch((error) => {
    starting = undefined
    throw error
  })
  return starting
}

async function start(): Promise<StartReport> {
  const settings = env()
  observeDatabase(settings.SLOW_QUERY_MS)
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT && !isTracing()) setTracing(tracing = await startTracing())
  const opening = openDatabase(settings)
  preloadArtifacts()
  const opened = await opening
  try {
    const { applied } = await migrate(opened, await loadMigrations(), settings.DATABASE_URL)
    const seeded = await seedNewDatabase({ demoAccounts: settings.embedded && !settings.ADMIN_EMAIL })
    if (settings.ADMIN_EMAIL && settings.ADMIN_PASSWORD) await ensureAdmin(settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    if (opened.exclusive) await Promise.all([releaseClaims(null), releaseDeliveries(null)])
    if (settings.RATE_LIMITS === 'off') log.warn('RATE_LIMITS=off: nothing limits how often anybody may call; use this for load tests only')
    if (settings.SMTP_URL && !settings.PUBLIC_URL && !isLoopbackHost(settings.HOST)) log.warn('SMTP_URL is set without PUBLIC_URL: links by e-mail (a new password) stay off until PUBLIC_URL says where they lead to')
    startEncoder(settings)
    if (settings.DATABASE_REPLICA_URL) await openReplica(settings.DATABASE_REPLICA_URL, { max: settings.DATABASE_POOL })
    // A function's one connection belongs to the request that waits for this start; there the scheduler does the rest.
    if (!isFunctionsHost()) takeUpWork()
    return { database: opened.kind, migrationsApplied: applied, demoAccounts: seeded?.demoAccounts ?? [] }
  }
  catch (error) {
    setDatabase(undefined)
    await opened.close()
    throw error
  }
}

function takeUpWork(): void {
  runInBackground('reading the FAQs', warmFaqCatalogue)
  runInBackground('loading the HTTP client', async () => void await ragDispatcher())
  runInBackground('answering abandoned questions', () => finishAbandonedQuestions(null))
  runInBackground('delivering feedback', deliverDue)
}

function startEncoder({ SENTENCE_ENCODER, EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: model, EMBEDDINGS_KEY: key }: Env): void {
  const onUnavailable = (reason: string) => log.warn({ reason }, 'The sentence encoder is not available: questions are matched by words alone')
  configureEncoder({
    enabled: SENTENCE_ENCODER === 'on',
    cache: { get: findVectors, put: insertVectors },
    onUnavailable,
    ...(url && model ? { encoder: new EndpointEncoder({ url, model, key }, onUnavailable) } : {}),
  })
}

/** What a server that stops still gives replies under way; the requests themselves have ended by then. */
const GRACE_MS = 1_000

/** Lets replies under way finish, or go (they stay pending for another server or the next start), and closes the database. */
export async function stopApplication(): Promise<void> {
  await starting?.catch(() => {})
  starting = undefined
  stopBackgroundWork()
  await changeWatch.stop()
  if (!isDatabaseOpen()) return
  await Promise.all([settleReplies(GRACE_MS), stopDelivering()])
    .catch(error => log.warn({ err: error }, 'Claims could not be let go; they lapse by themselves within seconds'))
  await Promise.all([closeRagConnections(), closeEncoder(), closeReplica(), closeLimits()])
  const open = database()
  setDatabase(undefined)
  await open.close()
  setTracing(null)
  await tracing?.stop()
  tracing = undefined
}

/** Whether requests can be served: the database answers and has every migration of this version. */
export async function isReady(): Promise<boolean> {
  await startApplication()
  return isSchemaCurrent(database(), await loadMigrations())
}
