import { computed } from 'vue'
import { useRoute, useState } from '#imports'
import type { SignInOptions } from '#shared/contracts/auth'
import { safeRedirect } from '../safe-redirect'
import { useApi } from '../useApi'
import type { AccountTexts } from './texts'

type OidcProblem = keyof AccountTexts['signIn']['oidc']
const PROBLEMS: readonly string[] = ['cancelled', 'expired', 'unverified', 'disabled', 'unavailable', 'refused'] satisfies OidcProblem[]

/** What the sign-in page offers beside the password; nothing where the server cannot say. */
export async function useSignInOptions() {
  const route = useRoute()
  const api = useApi()
  const options = useState<SignInOptions>('sign-in-options', () => ({ password_reset: false, oidc: null }))
  const asked = useState('sign-in-options-asked', () => false)
  const redirect = computed(() => safeRedirect(route.query.redirect, ''))
  const oidcLink = computed(() => `/api/auth/oidc/start${redirect.value ? `?redirect=${encodeURIComponent(redirect.value)}` : ''}`)
  /** What the way back from the provider said; null: nothing, or nothing we know. */
  const oidcProblem = computed(() => (PROBLEMS.includes(String(route.query.oidc)) ? route.query.oidc as OidcProblem : null))
  if (!asked.value) {
    try {
      options.value = await api.get<SignInOptions>('/auth/options')
      asked.value = true
    }
    catch {
      // The password form works without them; the next visit asks again.
    }
  }
  return { options, oidcLink, oidcProblem }
}
