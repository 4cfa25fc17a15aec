import * as client from 'openid-client'
import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { openSecret, sealSecret } from '#server/core/secret-box'
import type { SignedInNow } from '../accounts'
import { oidcConfiguration } from './oidc-client'
import { OidcRefusal, signInWithIdentity } from './link-identity'

/** How long somebody may take at the provider. */
export const OIDC_MINUTES = 10
const PURPOSE = 'oidc-sign-in'

/** What is kept, sealed, in the browser that began: the answer has to come back to it and to nobody else. */
interface Begun { state: string, nonce: string, verifier: string, redirect: string, at: number }

/**
 * Begins a sign-in: where to send the browser, and what to keep in a cookie of it. `redirect` is where to go afterwards,
 * checked already. Throws OidcRefusal (unavailable) and NOT_FOUND.
 */
export async function beginOidcSignIn(callback: string, redirect: string): Promise<{ location: string, sealed: string }> {
  const config = await reach(oidcConfiguration)
  const begun: Begun = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), redirect, at: Date.now() }
  const location = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email profile',
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  })
  return { location: location.href, sealed: sealSecret(JSON.stringify(begun), env().AUTH_SECRET, PURPOSE) }
}

/** Where a sign-in that was begun in this browser wanted to go; '' when there is none. */
export function wantedAfterOidc(sealed: string | null): string {
  return openBegun(sealed)?.redirect ?? ''
}

/**
 * Ends a sign-in with the address the provider sent the browser back to. Throws OidcRefusal, which says why in one word,
 * and NOT_FOUND.
 */
export async function finishOidcSignIn(currentUrl: URL, sealed: string | null, userAgent: string | null): Promise<SignedInNow> {
  const begun = openBegun(sealed)
  if (!begun || Date.now() - begun.at > OIDC_MINUTES * 60_000 || currentUrl.searchParams.get('state') !== begun.state) throw new OidcRefusal('expired')
  const config = await reach(oidcConfiguration)
  const claims = await reach(async () => {
    const tokens = await client.authorizationCodeGrant(config, currentUrl, { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce, idTokenExpected: true })
    const idToken = tokens.claims()!
    // Some providers say who somebody is in the ID token and how to write to them only here.
    if (idToken.email !== undefined || !config.serverMetadata().userinfo_endpoint) return idToken
    return { ...await client.fetchUserInfo(config, tokens.access_token, idToken.sub), sub: idToken.sub }
  })
  return signInWithIdentity({
    // The issuer of the environment: one provider, one name for it, however its description spells it.
    issuer: env().OIDC_ISSUER!,
    subject: claims.sub,
    email: typeof claims.email === 'string' ? claims.email : null,
    emailVerified: claims.email_verified === true,
    name: typeof claims.name === 'string' ? claims.name : null,
  }, userAgent)
}

function openBegun(sealed: string | null): Begun | null {
  const text = sealed && openSecret(sealed, [env().AUTH_SECRET], PURPOSE)
  return text ? JSON.parse(text) as Begun : null
}

/** Asks the provider. What it answers is never shown nor logged: only the kind of failure, which says nothing of anybody. */
async function reach<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  }
  catch (error) {
    if (error instanceof AppError || error instanceof OidcRefusal) throw error
    const refusal = refusalOf(error)
    const { name, code } = error as { name?: string, code?: string }
    if (refusal.reason !== 'cancelled') log.warn({ reason: refusal.reason, error: name, code, status: (error as { status?: number }).status }, 'A sign-in through the identity provider failed')
    throw refusal
  }
}

function refusalOf(error: unknown): OidcRefusal {
  if (error instanceof client.AuthorizationResponseError) return new OidcRefusal(error.error === 'access_denied' ? 'cancelled' : error.error === 'temporarily_unavailable' || error.error === 'server_error' ? 'unavailable' : 'refused')
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const status = (cause as { status?: number }).status ?? (cause.cause instanceof Response ? cause.cause.status : 0)
    // `fetch failed`: nobody there. A timeout is an AbortError or a TimeoutError by name.
    if ((cause instanceof TypeError && cause.message === 'fetch failed') || /^(?:Abort|Timeout)Error$/.test(cause.name) || (cause as { code?: string }).code === 'OAUTH_TIMEOUT' || status >= 500) return new OidcRefusal('unavailable')
  }
  return new OidcRefusal('refused')
}
