import { AsyncLocalStorage } from 'node:async_hooks'

export interface RequestContext {
  requestId: string
  /** Keeps work alive after the answer has gone out; on serverless hosts the platform's own waitUntil. */
  waitUntil: (work: Promise<unknown>) => void
  /** This request has to see what its sender has just written: it reads nothing from a replica. */
  readsOwnWrites?: boolean
}

const storage = new AsyncLocalStorage<RequestContext>()

export const runInRequest = <Result>(context: RequestContext, work: () => Result): Result => storage.run(context, work)

/** null outside of a request: at start, in background work. */
export const requestContext = (): RequestContext | null => storage.getStore() ?? null
export const requestId = (): string | null => storage.getStore()?.requestId ?? null
