import { env } from '#server/core/env'

/** The name people know the identity provider by; null: none is set up. */
export function oidcName(): string | null {
  const { OIDC_ISSUER, OIDC_NAME } = env()
  if (!OIDC_ISSUER) return null
  return OIDC_NAME ?? new URL(OIDC_ISSUER).hostname
}
