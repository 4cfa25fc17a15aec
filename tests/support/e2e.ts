import AxeBuilder from '@axe-core/playwright'
import { expect, request as requests, test as base, type APIRequestContext, type BrowserContext, type Page } from '@playwright/test'
import { ADMIN } from './e2e-global-setup'
import { Workshop, type ServerProcess } from './server-process'
import { noteWords, watchWords, wordsInLog } from './typed-words'

export { expect } from '@playwright/test'

export interface Account { email: string, password: string, name: string }

/** A server of one test's own, that can be stopped, killed and started again on the same data. */
export interface OwnServer {
  /** Starts it (again) and gives its address: always the same. */
  start: (env?: Record<string, string>) => Promise<string>
  stop: () => Promise<void>
  kill: () => Promise<void>
  origin: () => string
  process: () => ServerProcess
}

interface Fixtures {
  /** A new customer, signed in on this test's page. */
  customer: Account
  /** The admin, signed in on this test's page. */
  admin: Account
  /** Opens a page and waits until it can be used. */
  open: (path: string, page?: Page) => Promise<void>
  /** Fails when axe finds anything on the page, or in the part of it that the selector names. */
  axe: (page?: Page, within?: string) => Promise<void>
  /** Says that the browser may log a line like this one; everything else it logs as an error fails the test. */
  allowConsole: (pattern: RegExp) => void
  ownServer: OwnServer
  console: { lines: string[], allowed: RegExp[] }
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names a fixture needs from this pattern, so there must be one, be it empty.
  // eslint-disable-next-line no-empty-pattern
  baseURL: async ({}, use) => use(process.env.E2E_ORIGIN),

  // Errors of every page of the context: mistakes in the page, refused scripts and styles (CSP), failed hydration.
  console: [async ({ context }, use) => {
    const heard = { lines: [] as string[], allowed: [] as RegExp[] }
    watch(context, heard.lines)
    const words = watchWords(context)
    await use(heard)
    await words.end()
    expect(heard.lines.filter(line => !heard.allowed.some(pattern => pattern.test(line))), 'the browser logged errors').toEqual([])
  }, { auto: true }],

  allowConsole: async ({ console }, use) => use(pattern => void console.allowed.push(pattern)),

  customer: async ({ context, baseURL }, use) => {
    const account = await register(context.request, baseURL!)
    await signIn(context, account, baseURL!)
    await use(account)
  },

  admin: async ({ context, baseURL }, use) => {
    await signIn(context, ADMIN, baseURL!)
    await use(ADMIN)
  },

  open: async ({ page }, use) => use(async (path, where = page) => {
    await where.goto(path)
    await hydrated(where)
  }),

  axe: async ({ page }, use) => use(async (where = page, within) => {
    const builder = new AxeBuilder({ page: where })
    const { violations } = await (within ? builder.include(within) : builder).analyze()
    expect(violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(node => `    ${node.target.join(' ')}\n      ${node.failureSummary?.split('\n').slice(1).join(';')}`).join('\n')}`), `axe on ${where.url()}`).toEqual([])
  }),

  // eslint-disable-next-line no-empty-pattern -- as above
  ownServer: async ({}, use) => {
    const workshop = new Workshop()
    const dataDir = workshop.folder()
    let running: ServerProcess | undefined
    let origin = ''
    await use({
      start: async (env = {}) => {
        running = workshop.launch({ env: { DATA_DIR: dataDir, RATE_LIMITS: 'off', LOG_LEVEL: 'trace', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ...(origin ? { PORT: new URL(origin).port } : {}), ...env } })
        return origin = await running.ready()
      },
      stop: async () => void await running?.stop(),
      kill: async () => void await running?.stop('SIGKILL'),
      origin: () => origin,
      process: () => running!,
    })
    const outputs = workshop.outputs()
    await workshop.tidy()
    expect(wordsInLog(outputs).found, 'typed words in the log of this test’s own server').toEqual([])
  },
})

function watch(context: BrowserContext, lines: string[]) {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) lines.push(`${message.type()}: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', error => lines.push(`uncaught: ${error.error().stack ?? error.error().message}`))
}

/** Waits until Vue has taken the page over; before that a click may go unheard. */
export async function hydrated(page: Page) {
  await page.waitForFunction(() => (window as { useNuxtApp?: () => { isHydrating: boolean } }).useNuxtApp?.().isHydrating === false)
}

let made = 0

/** Makes a customer through the API. */
export async function register(api: APIRequestContext, origin: string, name = 'Anna'): Promise<Account> {
  const account = { email: `${name.toLowerCase()}-${process.pid}-${Date.now()}-${++made}@example.com`, password: 'olive-harbour-lemon-linen', name }
  noteWords([account.password])
  const answer = await api.post(`${origin}/api/auth/register`, { data: account })
  expect(answer.status(), await answer.text()).toBe(201)
  return account
}

/** Signs a browser context in through the API, with the cookies that the sign-in page would leave. */
export async function signIn(context: BrowserContext, account: Account, origin: string) {
  const answer = await context.request.post(`${origin}/api/auth/login`, { data: { email: account.email, password: account.password } })
  expect(answer.status(), await answer.text()).toBe(200)
  // What nuxt-auth keeps so that it asks for the session at all; the session itself is the httpOnly cookie just set.
  await context.addCookies([{ name: 'vb_signed_in', value: 'cookie', url: origin, sameSite: 'Lax' }])
}

/** An API client that is signed in and has no page; dispose of it when done. */
export async function apiAs(account: Account, origin: string): Promise<APIRequestContext> {
  const api = await requests.newContext({ baseURL: origin })
  expect((await api.post('/api/auth/login', { data: { email: account.email, password: account.password } })).status()).toBe(200)
  return api
}
