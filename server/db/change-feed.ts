import type { PGlite } from '@electric-sql/pglite'
import type { Options, PostgresType } from 'postgres'

/** The triggers of migration 0010 speak on it. */
export const CHANGE_CHANNEL = 'vasiliasbot_changes'

export interface FeedEvents {
  heard: (payload: string) => void
  /** The connection has ended: from now on something may be missed. */
  lost: () => void
}

/** What the database tells of changes that any server has committed, in the order of the commits, none left out until `lost`. */
export interface ChangeFeed {
  /** Nothing is delivered later than the change itself: there is one process, and no network in between. */
  readonly immediate: boolean
  /** Says something on the channel over the feed's own connection; heard after everything committed before. */
  send: (payload: string) => Promise<void>
  /** The same over another connection: what comes back proves that the feed hears others (behind a pooler it may hear itself alone). */
  sendFromOutside: (payload: string) => Promise<void>
  close: () => Promise<void>
}

/** Resolves when everything committed from now on is heard. */
export type OpenFeed = (events: FeedEvents) => Promise<ChangeFeed>

type Postgres = typeof import('postgres')

/** A connection of its own: it must hear while the pool is busy, and be known to be the same one all the time. */
export function postgresFeed(postgres: Postgres, url: string, pool: { unsafe: (query: string, parameters: string[]) => PromiseLike<unknown> }): OpenFeed {
  return async (events) => {
    let closed = false
    const lost = () => {
      if (closed) return
      closed = true
      events.lost()
      void client.end({ timeout: 0 }).catch(() => {})
    }
    const options = {
      max: 1,
      idle_timeout: undefined,
      max_lifetime: null,
      connect_timeout: 5,
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: 'vasiliasbot changes', statement_timeout: 5_000 },
      onclose: lost,
      // Not among the library's types, though its own listen() is built on it. That one reconnects by itself, and what
      // was missed meanwhile could be taken for silence.
      onnotify: (_channel: string, payload: string) => {
        if (!closed) events.heard(payload)
      },
    }
    const client = postgres(url, options as unknown as Options<Record<string, PostgresType>>)
    try {
      await client.unsafe(`listen ${CHANGE_CHANNEL}`)
    }
    catch (error) {
      closed = true
      await client.end({ timeout: 0 }).catch(() => {})
      throw error
    }
    const notify = 'select pg_notify($1, $2)'
    return {
      immediate: false,
      send: async payload => void await client.unsafe(notify, [CHANGE_CHANNEL, payload]),
      sendFromOutside: async payload => void await pool.unsafe(notify, [CHANGE_CHANNEL, payload]),
      close: async () => {
        closed = true
        await client.end({ timeout: 1 }).catch(() => {})
      },
    }
  }
}

/** PGlite hands a notification over before the statement that caused it resolves. */
export function pgliteFeed(client: PGlite): OpenFeed {
  return async ({ heard }) => {
    const stop = await client.listen(CHANGE_CHANNEL, heard)
    const send = async (payload: string) => void await client.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, payload])
    return { immediate: true, send, sendFromOutside: send, close: async () => void await stop().catch(() => {}) }
  }
}
