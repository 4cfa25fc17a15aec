import type { Db } from './client'

/** Told of every statement, with placeholders and never with parameters; what it gives is called when the statement has ended. */
export type StatementObserver = (statement: string) => (failed: boolean) => void

let observer: StatementObserver | null = null

export function setStatementObserver(next: StatementObserver | null): void {
  observer = next
}

/** Runs a statement with the observer told of it. */
export async function observed<Result>(statement: string, run: () => PromiseLike<Result>): Promise<Result> {
  const ended = observer?.(statement)
  if (!ended) return run()
  try {
    const result = await run()
    ended(false)
    return result
  }
  catch (error) {
    ended(true)
    throw error
  }
}

interface Prepared { execute: (...args: unknown[]) => Promise<unknown> }
interface Session { prepareQuery: (query: { sql: string }, ...rest: unknown[]) => Prepared, observed?: true }

/**
 * Has the observer told of what runs on this database or transaction. Both drivers of drizzle prepare each statement in
 * their session, so that is the one place; a transaction has a session of its own.
 */
export function observeStatements<D extends Db>(db: D): D {
  const { session } = db as unknown as { session: Session }
  if (session.observed) return db
  session.observed = true
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (query, ...rest) => {
    const prepared = prepare(query, ...rest)
    const execute = prepared.execute.bind(prepared)
    prepared.execute = (...args) => observed(query.sql, () => execute(...args))
    return prepared
  }
  return db
}
