import { navigateTo, useAuth, useAuthState, useRoute } from '#imports'
import type { Role } from '#shared/contracts/auth'
import { wipeChatCopies } from './chat/wipe'
import { safeRedirect } from './safe-redirect'
import { useApi } from './useApi'

/** The page a person starts on after sign-in. */
export function homeOf(role: Role): string {
  return role === 'admin' ? '/admin' : '/my-plan'
}

/** Signing in and out on top of nuxt-auth, whose data stays the one source of who is signed in. */
export function useSession() {
  const { data: user, signIn } = useAuth()
  const { data, clearToken } = useAuthState()
  const api = useApi()
  const route = useRoute()

  /** Throws what nuxt-auth throws (an ofetch FetchError with the contract's error body as `data`). */
  async function signInAndGoOn(email: string, password: string) {
    await signIn({ email, password }, { redirect: false })
    // nuxt-auth logs a session it could not read and carries on as if signed in.
    if (!user.value) throw new Error('Signed in, but the session could not be read')
    await navigateTo(safeRedirect(route.query.redirect, homeOf(user.value.role)), { replace: true })
  }

  /** Forgets the person on this page only: for a session the server says is over. */
  function forget() {
    data.value = null
    clearToken()
  }

  /**
   * The server first: nuxt-auth's own signOut shows somebody as signed out even when the request never arrived.
   * Then a full page load, so that nothing of the person stays in memory.
   */
  async function signOut() {
    await api.post('/auth/logout')
    await leave()
  }

  /** For a session that the server has ended: nothing of the person stays on this page or in this browser. */
  async function leave() {
    wipeChatCopies()
    forget()
    await navigateTo('/', { external: true })
  }

  /** To the sign-in page and back here afterwards. */
  async function askToSignInAgain() {
    forget()
    await navigateTo({ path: '/sign-in', query: { redirect: route.fullPath } })
  }

  return { user, signInAndGoOn, signOut, leave, askToSignInAgain }
}
