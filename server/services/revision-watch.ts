import { database, isDatabaseOpen, type Database } from '#server/db/client'
import { readRevisions, type RevisionScope } from '#server/db/revisions'

/*
 * FAQs and the config are kept in memory; a counter in the database tells when they have moved on. The contract allows
 * five seconds until a change is in force everywhere: past FRESH_MS the next use looks again in the background, past
 * MAX_AGE_MS it waits for the look.
 */
const FRESH_MS = 2_000
const MAX_AGE_MS = 4_000

type Revisions = Record<RevisionScope, number>

let known: { revisions: Revisions, at: number, of: Database } | undefined
let looking: Promise<Revisions> | undefined

async function look(): Promise<Revisions> {
  const of = database()
  const at = performance.now()
  const revisions = await readRevisions()
  known = { revisions, at, of }
  return revisions
}

/** The revision of a scope, at most about four seconds old. Throws when it is older and the database does not answer. */
export async function revisionOf(scope: RevisionScope): Promise<number> {
  const age = known && known.of === database() ? performance.now() - known.at : Number.POSITIVE_INFINITY
  if (age > FRESH_MS) {
    looking ??= look().finally(() => looking = undefined)
    if (age > MAX_AGE_MS) return (await looking)[scope]
    // Nobody waits for this look; a failure shows when somebody has to.
    looking.catch(() => {})
  }
  return known!.revisions[scope]
}

/** This process has just changed something itself: the next use looks again at once. */
export function forgetRevisions(): void {
  known = undefined
}

export interface WatchedValue<Value> {
  (): Promise<Value>
  /** The value where it needs no look at the database; undefined: ask for it properly. */
  peek: () => Value | undefined
}

/** Keeps what `load` gives until the revision of its scope, or the database itself, changes. One load at a time. */
export function watchedValue<Value>(scope: RevisionScope, load: () => Promise<Value>): WatchedValue<Value> {
  let kept: { value: Value, revision: number, of: Database } | undefined
  let loading: { value: Promise<Value>, revision: number, of: Database } | undefined
  const peek = () => {
    const isFresh = known && isDatabaseOpen() && known.of === database() && performance.now() - known.at <= FRESH_MS
    return isFresh && kept?.of === known!.of && kept.revision === known!.revisions[scope] ? kept.value : undefined
  }
  const get = async () => {
    const of = database()
    const revision = await revisionOf(scope)
    if (kept && kept.revision === revision && kept.of === of) return kept.value
    if (!loading || loading.revision !== revision || loading.of !== of) {
      const current = { value: load(), revision, of }
      loading = current
      current.value.then(value => kept = { value, revision, of }, () => {}).finally(() => {
        if (loading === current) loading = undefined
      })
    }
    return loading.value
  }
  return Object.assign(get, { peek })
}
