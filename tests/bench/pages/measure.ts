import type { BrowserContext, CDPSession, Page } from '@playwright/test'

export interface PageFigures {
  /** Largest and first contentful paint, in ms from the start of the navigation. */
  lcp: number
  fcp: number
  /** Total blocking time: what long tasks took beyond 50 ms each, from the first paint until the page was quiet, in ms. */
  tbt: number
  /** Cumulative layout shift, without unit. */
  cls: number
  /** Everything that came over the network, headers too, in KiB; and how many requests. */
  kib: number
  scriptKib: number
  requests: number
}

/** What Lighthouse's mobile profile emulates: a phone four times slower, on a slow 4G (150 ms, 1.6 Mbit/s). */
export const PROFILE = { cpu: 4, latencyMs: 150, downKbit: 1_638.4, upKbit: 750, viewport: { width: 412, height: 823 } }

/** How long nothing may happen until a page counts as quiet. */
const QUIET_MS = 2_500

/** Runs in the page before its own scripts. */
function watch() {
  const seen = { lcp: 0, fcp: 0, cls: 0, tasks: [] as { start: number, duration: number }[] }
  Object.assign(window, { seen })
  const observe = (type: string, see: (entry: PerformanceEntry) => void) => new PerformanceObserver(list => list.getEntries().forEach(see)).observe({ type, buffered: true })
  observe('largest-contentful-paint', entry => void (seen.lcp = entry.startTime))
  observe('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') seen.fcp = entry.startTime
  })
  observe('longtask', entry => void seen.tasks.push({ start: entry.startTime, duration: entry.duration }))
  let session = { value: 0, first: 0, last: 0 }
  observe('layout-shift', (entry) => {
    const { hadRecentInput, value } = entry as unknown as { hadRecentInput: boolean, value: number }
    if (hadRecentInput) return
    // The largest burst of shifts, as web.dev defines it: at most 1 s apart, at most 5 s long.
    const now = entry.startTime
    session = now - session.last < 1_000 && now - session.first < 5_000 ? { ...session, value: session.value + value, last: now } : { value, first: now, last: now }
    seen.cls = Math.max(seen.cls, session.value)
  })
}

interface Received { type: string, bytes: number }

async function throttle(session: CDPSession): Promise<Map<string, Received>> {
  const received = new Map<string, Received>()
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, type }) => void received.set(requestId, { type, bytes: 0 }))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const entry = received.get(requestId)
    if (entry) entry.bytes = encodedDataLength
  })
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: PROFILE.latencyMs, downloadThroughput: PROFILE.downKbit * 1024 / 8, uploadThroughput: PROFILE.upKbit * 1024 / 8 })
  await session.send('Emulation.setCPUThrottlingRate', { rate: PROFILE.cpu })
  return received
}

/** Opens the address once, with nothing in the cache, on the slow phone. */
export async function measurePage(context: BrowserContext, address: string): Promise<PageFigures> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const received = await throttle(session)
  // What tsx adds to functions that keep their names.
  await page.addInitScript('globalThis.__name = it => it')
  await page.addInitScript(watch)
  await page.goto(address, { waitUntil: 'load' })
  await quiet(page)
  const seen = await page.evaluate(() => (window as unknown as { seen: { lcp: number, fcp: number, cls: number, tasks: { start: number, duration: number }[] } }).seen)
  await page.close()
  const bytes = (some: Received[]) => some.reduce((sum, each) => sum + each.bytes, 0) / 1024
  const all = [...received.values()]
  return {
    lcp: seen.lcp,
    fcp: seen.fcp,
    cls: seen.cls,
    tbt: seen.tasks.filter(({ start, duration }) => start + duration > seen.fcp).reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0),
    kib: bytes(all),
    scriptKib: bytes(all.filter(({ type }) => type === 'Script')),
    requests: all.length,
  }
}

/** Until no request is under way and no long task has come for a while. */
async function quiet(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction((ms) => {
    const last = (window as unknown as { seen: { tasks: { start: number, duration: number }[] } }).seen.tasks.at(-1)
    return performance.now() - (last ? last.start + last.duration : 0) > ms
  }, QUIET_MS, { polling: 250 })
}
