import { sql } from 'drizzle-orm'
import { log } from '#server/core/log'
import { requestContext } from '#server/core/request-context'
import { database, isInTransaction, readFrom, rowsFrom, type Db } from './client'
import { isDatabaseUnavailable, isReplicaConflict } from './errors'
import { postgresClient } from './open-database'

/*
 * Heavy reads of the back office go to a streaming replica, when there is one that has kept up (docs/decisions/0023).
 * Every second this process notes where the primary's log stands and how far the replica has got: a replica that had
 * reached a position noted three seconds ago is three seconds old at most, by this process's own clock, whatever became
 * of the connection between the two.
 */
const LOOK_EVERY_MS = 1_000
/** Older than this it is not read from. What an admin has just written is read from the primary for longer (AFTER_WRITE_SECONDS). */
export const MAX_LAG_MS = 5_000

export interface Replica {
  /** Looks once: how far it has got, and whether it is one at all. For the loop, and for tests. */
  look: () => Promise<void>
  /** Milliseconds that it may be behind at most; null: not known, or too far. */
  lagMs: () => number | null
  close: () => Promise<void>
}

interface Open extends Replica { readonly db: Db, fail: (reason: string, error?: unknown) => void }
interface Mark { at: number, position: string }

let current: Open | undefined

/**
 * Reads from the replica from now on, as soon as it has kept up. Never throws for a replica that is not there: the
 * primary serves as if there were none.
 */
export async function openReplica(url: string, { max, lookEveryMs = LOOK_EVERY_MS }: { max: number, lookEveryMs?: number }): Promise<Replica> {
  await current?.close()
  // Read-only whatever the server is: a wrong address must not become a second place to write to.
  const client = await postgresClient(url, { max, application_name: 'vasiliasbot-replica', default_transaction_read_only: true })
  const { drizzle } = await import('drizzle-orm/postgres-js')
  const db = drizzle(client) as unknown as Db
  let marks: Mark[] = []
  let reachedAt: number | null = null
  /** What was logged last, so that each change is logged once. */
  let said: string | null = null
  let looking: Promise<void> | undefined

  const say = (reason: string | null, error?: unknown) => {
    if (said === reason) return
    if (reason) log.warn({ reason, ...(error ? { err: error } : {}) }, 'The read replica is not used: the primary reads for the back office')
    else if (said !== null) log.info('The read replica is used again')
    said = reason
  }
  const fail = (reason: string, error?: unknown) => {
    reachedAt = null
    marks = []
    say(reason, error)
  }

  async function lookOnce(): Promise<void> {
    const [primary] = await rowsFrom<{ position: string }>(database().db, sql`select pg_current_wal_insert_lsn()::text as position`)
    marks.push({ at: performance.now(), position: primary!.position })
    const [state] = await rowsFrom<{ in_recovery: boolean, reached: number }>(db, sql`
      select pg_is_in_recovery() as in_recovery, count(*) filter (where position::pg_lsn <= pg_last_wal_replay_lsn())::int as reached
      from unnest(${sql.param(`{${marks.map(mark => mark.position).join(',')}}`)}::text[]) as position`)
    if (!state!.in_recovery) return fail('it is no replica (it may have become the primary)')
    if (state!.reached) {
      reachedAt = marks[state!.reached - 1]!.at
      marks = marks.slice(state!.reached - 1)
    }
    // Those too old to count are of no use; the oldest that is left says how far behind it is.
    marks = marks.slice(-60)
    say(lagMs() === null ? 'it is more than 5 seconds behind' : null)
  }

  const look = () => looking ??= lookOnce().catch((error) => {
    // A primary that is away is everybody's trouble and told elsewhere; its reads fail as they would without a replica.
    fail('it cannot be asked', error)
  }).finally(() => looking = undefined)

  function lagMs(): number | null {
    const lag = reachedAt === null ? Number.POSITIVE_INFINITY : performance.now() - reachedAt
    return lag <= MAX_LAG_MS ? lag : null
  }

  const timer = setInterval(() => void look(), lookEveryMs).unref()
  let closing: Promise<void> | undefined
  const replica: Open = {
    db,
    look,
    lagMs,
    fail,
    close: () => closing ??= (async () => {
      clearInterval(timer)
      if (current === replica) current = undefined
      await looking
      await client.end({ timeout: 5 })
    })(),
  }
  current = replica
  return replica
}

export const closeReplica = async (): Promise<void> => current?.close()

/**
 * Does `read` on the replica when it has kept up and nobody has to see what they have just written, else on the primary;
 * again on the primary when the replica fails in the middle. `read` only reads, and may run twice.
 */
export async function onReplica<Result>(read: () => Promise<Result>): Promise<Result> {
  const replica = current
  if (!replica || isInTransaction() || requestContext()?.readsOwnWrites || replica.lagMs() === null) return read()
  try {
    return await readFrom(replica.db, read)
  }
  catch (error) {
    if (isReplicaConflict(error)) log.info({ err: error }, 'The read replica gave a query up; the primary answers it')
    else if (isDatabaseUnavailable(error)) replica.fail('it cannot be asked', error)
    else throw error
    return read()
  }
}
