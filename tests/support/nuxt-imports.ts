/*
 * Stands in for Nuxt's generated `#imports` in tests that do not boot Nuxt. Only what our code uses; a test steers it
 * through `nuxt` (below), and everything is as new before each test.
 */
import { computed, defineComponent, h, ref, shallowRef, type Ref } from 'vue'
import type { SessionUser } from '#shared/contracts/auth'

export * from 'vue'
export { acceptHMRUpdate, defineStore, storeToRefs } from 'pinia'

interface Route { path: string, fullPath: string, name: string, params: Record<string, string>, query: Record<string, string>, hash: string, meta: Record<string, unknown> }
type RouteGuard = (to: { path: string }, from: { path: string }) => unknown
const route = (path: string): Route => ({ path, fullPath: path, name: path, params: {}, query: {}, hash: '', meta: {} })

function fresh() {
  return {
    /** Who is signed in, for useAuth(); null is nobody. */
    user: ref<SessionUser | null>(null),
    route: ref(route('/')) as Ref<Route>,
    /** Where navigateTo() and router.push() went, in order. */
    navigations: [] as string[],
    /** What useAuth()'s functions were called with. */
    authCalls: [] as { name: string, args: unknown[] }[],
    /** Makes a useAuth() function fail or answer: `nuxt.auth.signIn = async () => { throw … }`. */
    auth: {} as Record<string, (...args: unknown[]) => unknown>,
    runtimeConfig: { public: {} as Record<string, unknown>, app: { baseURL: '/' } },
    states: new Map<string, Ref<unknown>>(),
    cookies: new Map<string, Ref<unknown>>(),
    error: shallowRef<unknown>(null),
    heads: [] as unknown[],
    /** What onBeforeRouteLeave() and onBeforeRouteUpdate() were given. */
    guards: { leave: [] as RouteGuard[], update: [] as RouteGuard[] },
  }
}

export const nuxt = fresh()
export function resetNuxt() {
  Object.assign(nuxt, fresh())
}

export const signedInCustomer: SessionUser = { id: '01920000-0000-7000-8000-000000000001', email: 'anna@example.com', name: 'Anna', role: 'customer' }

const target = (to: unknown) => typeof to === 'string' ? to : JSON.stringify(to)

export function useAuth() {
  const does = (name: string) => async (...args: unknown[]) => {
    nuxt.authCalls.push({ name, args })
    return nuxt.auth[name]?.(...args)
  }
  return {
    data: nuxt.user,
    status: computed(() => nuxt.user.value ? 'authenticated' : 'unauthenticated'),
    signIn: does('signIn'),
    signUp: does('signUp'),
    signOut: does('signOut'),
    getSession: does('getSession'),
    refresh: does('refresh'),
    clearToken: () => void nuxt.authCalls.push({ name: 'clearToken', args: [] }),
  }
}
export const useAuthState = useAuth

export const useRoute = () => nuxt.route.value
export function useRouter() {
  const go = async (to: unknown) => {
    nuxt.navigations.push(target(to))
  }
  return { push: go, replace: go, back: () => {}, currentRoute: nuxt.route, afterEach: () => () => {}, beforeEach: () => () => {}, resolve: (to: unknown) => ({ href: target(to), path: target(to) }) }
}
export async function navigateTo(to: unknown) {
  nuxt.navigations.push(target(to))
}
export const abortNavigation = (error?: unknown) => error ?? false

export const useRuntimeConfig = () => nuxt.runtimeConfig
export const useNuxtApp = () => ({ $router: useRouter(), isHydrating: false, payload: {}, hook: () => () => {}, hooks: { hook: () => () => {} }, runWithContext: (run: () => unknown) => run() })
export const useRequestEvent = () => undefined
export const useRequestHeaders = () => ({})
export const useRequestURL = () => new URL('http://localhost:3000/')

function kept<Value>(shelf: Map<string, Ref<unknown>>, key: string, initial?: () => Value): Ref<Value> {
  if (!shelf.has(key)) shelf.set(key, ref(initial?.() ?? null))
  return shelf.get(key) as Ref<Value>
}
export const useState = <Value>(key: string, initial?: () => Value) => kept(nuxt.states, key, initial)
export const useCookie = <Value>(key: string, options?: { default?: () => Value }) => kept(nuxt.cookies, key, options?.default)
export const clearNuxtState = () => nuxt.states.clear()
export const clearNuxtData = () => {}
export const refreshNuxtData = async () => {}

export const useHead = (head: unknown) => void nuxt.heads.push(head)
export const useSeoMeta = useHead
export const useServerSeoMeta = useHead

/** Runs the request at once and keeps its answer, as Nuxt does in the browser. */
export function useAsyncData<Data>(...args: unknown[]) {
  const request = args.find(arg => typeof arg === 'function') as () => Promise<Data>
  const data = shallowRef<Data | null>(null)
  const error = shallowRef<unknown>(null)
  const status = ref<'idle' | 'pending' | 'success' | 'error'>('idle')
  const refresh = async () => {
    status.value = 'pending'
    try {
      data.value = await request()
      error.value = null
      status.value = 'success'
    }
    catch (failure) {
      error.value = failure
      status.value = 'error'
    }
  }
  const state = { data, error, status, pending: computed(() => status.value === 'pending'), refresh, execute: refresh, clear: () => {} }
  const done = refresh()
  return Object.assign(done.then(() => state), state)
}
export const useLazyAsyncData = useAsyncData
export function useFetch(): never {
  throw new Error('Own code asks the API through useApi(), not useFetch().')
}
export const useLazyFetch = useFetch
export async function callOnce(run: () => unknown) {
  await run()
}

export const createError = (error: string | { statusCode?: number, statusMessage?: string, message?: string }) =>
  Object.assign(new Error(typeof error === 'string' ? error : error.message ?? error.statusMessage), typeof error === 'string' ? {} : error)
export const showError = (error: unknown) => (nuxt.error.value = error)
export const clearError = async () => void (nuxt.error.value = null)
export const useError = () => nuxt.error

export const onNuxtReady = (run: () => unknown) => void run()
export const requestIdleCallback = (run: () => unknown) => setTimeout(run, 0)
export const cancelIdleCallback = (id: number) => clearTimeout(id)
export const definePageMeta = () => {}
export const defineNuxtRouteMiddleware = <Guard>(guard: Guard) => guard
export const defineNuxtPlugin = <Plugin>(plugin: Plugin) => plugin
export const setPageLayout = () => {}
export const reloadNuxtApp = () => {}
export const prefetchComponents = async () => {}
export const preloadRouteComponents = async () => {}
export const useRouteAnnouncer = () => ({ message: ref(''), politeness: ref('polite'), set: () => {}, polite: () => {}, assertive: () => {} })
export const useLoadingIndicator = () => ({ start: () => {}, finish: () => {}, progress: ref(0), isLoading: ref(false) })
export const onBeforeRouteLeave = (guard: RouteGuard) => void nuxt.guards.leave.push(guard)
export const onBeforeRouteUpdate = (guard: RouteGuard) => void nuxt.guards.update.push(guard)

/** `<NuxtLink>`, `<ClientOnly>` and the rest, for mount-setup.ts. */
export const builtIns = {
  NuxtLink: defineComponent({
    props: { to: { type: [String, Object], default: undefined }, href: { type: String, default: undefined }, noPrefetch: Boolean, prefetch: { type: Boolean, default: undefined }, external: Boolean, replace: Boolean, activeClass: { type: String, default: undefined }, exactActiveClass: { type: String, default: undefined } },
    setup: (props, { slots }) => () => h('a', { href: target(props.to ?? props.href) }, slots.default?.({ isActive: false, href: target(props.to ?? props.href) })),
  }),
  ClientOnly: defineComponent({ setup: (_, { slots }) => () => slots.default?.() }),
  NuxtPage: defineComponent({ setup: () => () => h('div', { 'data-nuxt-page': '' }) }),
  NuxtLayout: defineComponent({ setup: (_, { slots }) => () => slots.default?.() }),
  NuxtRouteAnnouncer: defineComponent({ setup: () => () => null }),
  NuxtLoadingIndicator: defineComponent({ setup: () => () => null }),
}
