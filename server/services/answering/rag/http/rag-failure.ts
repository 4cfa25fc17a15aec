const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection cut off',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is not as long as it says',
}

/** An exchange that came to nothing. `reason` is ours and safe to log: never a word of the question, the answer or a key. */
export class RagFailure extends Error {
  readonly reason: string
  /** It took time or hurt a service in trouble; the circuit breaker counts those. */
  readonly costly: boolean

  constructor(reason: string, options: { costly: boolean, cause?: unknown }) {
    super(reason, { cause: options.cause })
    this.name = 'RagFailure'
    this.reason = reason
    this.costly = options.costly
  }
}

/** What a network library threw, in our words. */
export function toRagFailure(error: unknown): RagFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof RagFailure) return cause
  const code = codeOf(error)
  const reason = /^HPE_/.test(code) ? `it does not speak HTTP (${code})` : reasons[code] ? `${reasons[code]} (${code})` : `the exchange failed (${code || 'no code'})`
  return new RagFailure(reason, { costly: true, cause: error })
}

/** Refused or reset before a whole answer was here: worth one more attempt. */
export const isConnectionLost = (error: unknown) => ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error))

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown, cause?: { code?: unknown } }
  return typeof code === 'string' ? code : typeof cause?.code === 'string' ? cause.code : ''
}
