import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { releaseClaims, renewClaims, type ReplyClaim } from '#server/db/messages'

/*
 * A server holds the questions it is answering by a short lease that it prolongs while it works. One that is killed falls
 * silent, and within seconds any other server (or its own next start) takes its questions over. A lease is courtesy, not
 * the lock: the reply is stored by a statement that only one can win, whatever the clocks say.
 */
const LEASE_MS = 6_000
const RENEW_MS = 2_000

/** This process, in the claims on questions. */
const instanceId = v7()
export const replyClaim: ReplyClaim = { by: instanceId, leaseMs: LEASE_MS }

const held = new Set<string>()
let timer: NodeJS.Timeout | undefined

/** Keeps the claim on a question alive until the returned function is called. */
export function holdClaim(questionId: string): () => void {
  held.add(questionId)
  timer ??= setInterval(renew, RENEW_MS).unref()
  return () => {
    held.delete(questionId)
    if (held.size) return
    clearInterval(timer)
    timer = undefined
  }
}

function renew(): void {
  renewClaims([...held], replyClaim).catch(error => log.warn({ err: error }, 'The claims on questions could not be renewed; another server may answer them as well, and one of the two replies is kept'))
}

/** Lets go of everything this process holds, so that another takes over at once. */
export const releaseOwnClaims = () => releaseClaims(instanceId)
