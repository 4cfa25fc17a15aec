import * as client from 'openid-client'
import { AppError } from '#server/core/app-error'
import { env, isLoopbackHost } from '#server/core/env'

/** Seconds for each request to the provider: somebody is waiting for the page. */
const TIMEOUT_S = 8
/** The provider's own description of itself is asked for again after this long. */
const DESCRIPTION_MS = 60 * 60 * 1000

/** The name people know the identity provider by; null: none is set up. */
export function oidcName(): string | null {
  const { OIDC_ISSUER, OIDC_NAME } = env()
  if (!OIDC_ISSUER) return null
  return OIDC_NAME ?? new URL(OIDC_ISSUER).hostname
}

interface Kept { key: string, until: number, config: Promise<client.Configuration> }
let kept: Kept | undefined

/**
 * The provider as it describes itself, whose issuer has to be the one that is set. Asked once an hour; after a failure
 * the next call asks again. Throws NOT_FOUND where none is set up, and what the library throws when it cannot be reached.
 */
export async function oidcConfiguration(): Promise<client.Configuration> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = env()
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) throw new AppError('NOT_FOUND', 'This site has no other way to sign in: use your e-mail address and password.')
  const key = [OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET].join('\n')
  if (kept?.key === key && kept.until > Date.now()) return kept.config
  const mine: Kept = { key, until: Date.now() + DESCRIPTION_MS, config: discover(OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET) }
  kept = mine
  mine.config.catch(() => {
    if (kept === mine) kept = undefined
  })
  return mine.config
}

function discover(issuer: string, clientId: string, secret: string): Promise<client.Configuration> {
  const url = new URL(issuer)
  // Beside the transport's encryption the ID token's own signature is checked, always; plain http only on this machine.
  const execute = [client.enableNonRepudiationChecks, ...(url.protocol === 'http:' && isLoopbackHost(url.hostname) ? [client.allowInsecureRequests] : [])]
  return client.discovery(url, clientId, secret, undefined, { execute, timeout: TIMEOUT_S })
}

/** Forgets what the provider said of itself; for tests. */
export function forgetOidcConfiguration(): void {
  kept = undefined
}
