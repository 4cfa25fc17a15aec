import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { requestContext, runInRequest } from '#server/core/request-context'

/**
 * Work nobody waits for: kept alive after the answer where the platform needs to be asked (serverless), and with its
 * failure in the log. Outside of a request it gets an id of its own, so that its log lines belong together.
 */
export function runInBackground(what: string, work: () => Promise<unknown>): void {
  const context = requestContext()
  const running = (context ? work() : runInRequest({ requestId: v7(), waitUntil: () => {} }, work))
    .catch(error => log.error({ err: error }, `Failed at ${what}`))
  context?.waitUntil(running)
}
