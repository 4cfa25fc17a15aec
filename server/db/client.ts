import { AsyncLocalStorage } from 'node:async_hooks'
import { SQL, StringChunk } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { OpenFeed } from './change-feed'
import { observed, observeStatements } from './statement-observer'

export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>

/** An open database of either kind. `exclusive`: nobody else can be on it (PGlite), so what a dead process left is free to take. */
export interface Database {
  readonly db: Db
  readonly kind: 'pglite' | 'postgres'
  readonly exclusive: boolean
  /** Runs SQL text with several statements in it; for migrations. */
  runScript: (sql: string) => Promise<void>
  /** Runs a statement whose plan the connection keeps; undefined where that saves nothing (PGlite). */
  runPrepared?: (text: string, parameters: unknown[]) => Promise<unknown[]>
  /** Begins to hear what any server changes. */
  openFeed: OpenFeed
  /** Waits for running queries and closes; a second call does nothing. */
  close: () => Promise<void>
}

interface Transaction { db: Db, after: (() => void)[] }

let opened: Database | undefined
const transactions = new AsyncLocalStorage<Transaction>()
/** A read replica, for the reads that may use it (replica.ts). */
const readers = new AsyncLocalStorage<Db>()

export function setDatabase(database: Database | undefined): void {
  opened = database
}

export const isDatabaseOpen = (): boolean => opened !== undefined

/** Throws before `setDatabase`. */
export function database(): Database {
  if (!opened) throw new Error('The database is not open yet')
  return opened
}

/**
 * What queries run on: the surrounding transaction, else the database. Because the transaction is ambient no query can
 * slip out of it by accident (on PGlite, which has one connection, that would wait for itself for ever).
 */
export function db(): Db {
  return transactions.getStore()?.db ?? readers.getStore() ?? database().db
}

export const isInTransaction = (): boolean => transactions.getStore() !== undefined

/** Whether queries go to the database itself, each by itself. */
export const isPrimaryOutsideTransaction = (): boolean => !transactions.getStore() && !readers.getStore()

/** Runs `read` with its queries going to this database. */
export const readFrom = <Result>(reader: Db, read: () => Promise<Result>): Promise<Result> => readers.run(reader, read)

/** Runs `work` in a transaction, inside of another one in a savepoint of that. Rolls back to there when it throws. */
export async function inTransaction<Result>(work: () => Promise<Result>): Promise<Result> {
  const outer = transactions.getStore()
  const after = outer?.after ?? []
  try {
    return await db().transaction(tx => transactions.run({ db: observeStatements(tx as unknown as Db), after }, work))
  }
  finally {
    if (!outer) for (const run of after) run()
  }
}

/** Has `run` called when the surrounding transaction, the outermost one, has ended either way; at once outside of one. */
export function afterTransaction(run: () => void): void {
  const transaction = transactions.getStore()
  if (transaction) transaction.after.push(run)
  else run()
}

/** The rows of a raw query: postgres.js gives an array, PGlite an object with `rows`. Times come as PostgreSQL's text. */
export const rowsOf = <Row>(query: SQL): Promise<Row[]> => rowsFrom<Row>(db(), query)

/** The same from a database that is named. */
export async function rowsFrom<Row>(from: Db, query: SQL): Promise<Row[]> {
  const result = await from.execute(query) as unknown
  return (Array.isArray(result) ? [...result] : (result as { rows: Row[] }).rows) as Row[]
}

/**
 * As `rowsOf`, for the few statements that polls and messages are made of. Drizzle has each statement described, parsed and
 * planned anew, in two round trips; a prepared one takes one. Its text must not vary: connections keep every text they saw.
 */
export async function rowsOfPrepared<Row>(query: SQL): Promise<Row[]> {
  const { runPrepared } = database()
  if (!runPrepared || !isPrimaryOutsideTransaction()) return rowsOf(query)
  const parameters: unknown[] = []
  const text = textOf(query, parameters)
  return await observed(text, () => runPrepared(text, parameters)) as Row[]
}

/**
 * The statement's text, its values put into `parameters`. For SQL written by hand, of words and values alone: what drizzle
 * itself does with columns, tables and the like takes it ten times as long.
 */
function textOf(query: SQL, parameters: unknown[]): string {
  let text = ''
  for (const chunk of query.queryChunks) {
    if (chunk instanceof SQL) text += textOf(chunk, parameters)
    else if (chunk instanceof StringChunk) text += chunk.value.join('')
    else if (typeof chunk === 'object' && chunk !== null) throw new Error('A prepared statement is made of words and plain values alone')
    else text += `$${parameters.push(chunk)}`
  }
  return text
}
