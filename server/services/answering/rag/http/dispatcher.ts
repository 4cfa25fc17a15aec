import { lookup as lookupInDns, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import { env } from '#server/core/env'
import { RagFailure } from './rag-failure'
import { refusalOf } from './address-rules'

/** A host that has not taken the connection by then is not there; without it an abandoned attempt would linger. */
const CONNECT_MS = 4_000
const KEEP_ALIVE_MS = 15_000

type Lookup = (hostname: string, options: { all: true }, done: (error: Error | null, addresses: LookupAddress[]) => void) => void

/**
 * Keep-alive connections whose every address is looked at in the very look-up that connects, so that a name cannot
 * point elsewhere between the check and its use. One forbidden address among several refuses the name. The HTTP client is
 * loaded here and not at the start, of which it would be a tenth.
 */
export async function createDispatcher(resolve: Lookup = lookupInDns): Promise<Agent> {
  const { Agent, buildConnector } = await import('undici')
  const guarded: LookupFunction = (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const refused = addresses.map(({ address }) => refuse(address)).find(failure => failure)
      if (refused) return done(refused, '')
      if (options.all) return done(null, addresses)
      const [first] = addresses
      done(null, first!.address, first!.family)
    })
  }
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: guarded })
  return new Agent({
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // The deadline of the exchange covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, done) => {
      // An address in numbers is never looked up.
      const host = options.hostname.replace(/^\[|\]$/g, '')
      const refused = isIP(host) ? refuse(host) : null
      if (refused) return done(refused, null)
      return connect(options, done)
    },
  })
}

function refuse(address: string): RagFailure | null {
  const why = refusalOf(address, env().RAG_DENY_PRIVATE)
  return why ? new RagFailure(`the address was refused: ${why}`, { costly: false }) : null
}

let shared: Promise<Agent> | undefined

/** The connections of this process. */
export const ragDispatcher = (): Promise<Agent> => shared ??= createDispatcher()

/** Closes idle connections and cuts off the others; the next question opens new ones. */
export async function closeRagConnections(): Promise<void> {
  const closing = shared
  shared = undefined
  await (await closing)?.destroy()
}
