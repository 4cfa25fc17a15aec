import { gzipSync } from 'node:zlib'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { record, stretchesOf, type Stretches } from './trace'

export interface Figures {
  /** JS and CSS beyond what the page's own HTML names, gzip KiB. */
  kib: number
  /** From navigation to a button that can be clicked. */
  readyMs: number
  /** From the click to the first frame that shows any of the history. */
  historyMs: number
  /** From the click to the first frame with the newest message in sight and the focus in the composer. */
  openMs: number
  /** What long tasks took beyond 50 ms, until the page is quiet and after the click. */
  loadBlockingMs: number
  openBlockingMs: number
  longestMs: number
}

export interface Visit {
  address: string
  launcher: string
  /** Any of these in sight is history; the last is the newest message. */
  needles: string[]
  prepare?: (context: BrowserContext) => Promise<void>
  /** Closes the chat again, for one that remembers that it was open. */
  leave?: (page: Page) => Promise<void>
  /** Visits once more with a trace; `keep` names a file for it. */
  trace?: { keep?: string }
}

export interface Measured extends Figures { files: Record<string, number>, stretches?: Stretches }

type Bench = { long: { at: number, ms: number }[], readyMs: number, clickedAt: number, historyMs: number, openMs: number, ready: Promise<void>, opened: Promise<void> }
type Place = { x: number, y: number }

/** Runs in the page before its own scripts. Looks through open shadow roots. */
function instrument({ launcher, needles }: { launcher: string, needles: string[] }) {
  let isReady = () => {}
  let isOpen = () => {}
  const bench: Bench = { long: [], readyMs: 0, clickedAt: 0, historyMs: 0, openMs: 0, ready: new Promise(resolve => (isReady = resolve)), opened: new Promise(resolve => (isOpen = resolve)) }
  Object.assign(window, { bench })
  new PerformanceObserver(list => list.getEntries().forEach(({ startTime, duration }) => bench.long.push({ at: startTime, ms: duration }))).observe({ type: 'longtask', buffered: true })

  const inSight = (needle: string, root: Document | ShadowRoot): boolean => {
    const walker = document.createTreeWalker(root instanceof Document ? root.body : root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.textContent!.includes(needle) || /^(?:SCRIPT|STYLE)$/.test(node.parentElement?.tagName ?? '')) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.height && box.bottom > 0 && box.top < innerHeight) return true
    }
    return [...root.querySelectorAll('*')].some(element => element.shadowRoot !== null && inSight(needle, element.shadowRoot))
  }
  const focused = () => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element !== null && element.matches('textarea, input, [contenteditable]:not([contenteditable=false])')
  }
  // A task queued in a frame's callback runs after that frame has been painted.
  const afterPaint = (then: () => void) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = then
    port2.postMessage(null)
  }
  const waitForLauncher = () => {
    if (!document.querySelector(launcher)) return void requestAnimationFrame(waitForLauncher)
    bench.readyMs = performance.now()
    isReady()
  }
  requestAnimationFrame(waitForLauncher)
  const look = () => {
    if (!bench.historyMs && needles.some(needle => inSight(needle, document))) afterPaint(() => void (bench.historyMs ||= performance.now() - bench.clickedAt))
    if (!focused() || !inSight(needles.at(-1)!, document)) return void requestAnimationFrame(look)
    afterPaint(() => {
      bench.openMs = performance.now() - bench.clickedAt
      isOpen()
    })
  }
  addEventListener('click', (event) => {
    if (bench.clickedAt || !(event.target as Element).closest(launcher)) return
    bench.clickedAt = event.timeStamp
    requestAnimationFrame(look)
  }, true)
}

const inPage = <Value>(page: Page, what: (bench: Bench) => Value | Promise<Value>) => page.evaluate(`(${what.toString()})(window.bench)`) as Promise<Value>
const orGiveUp = <Value>(wait: Promise<Value>) => Promise.race([wait, pause(15_000, null, { ref: false }).then(() => Promise.reject(new Error('Not within 15 seconds')))])

/**
 * Opens the page and, when all is there, the chat. Says where the button is. Through the mouse and plain expressions:
 * Playwright's locators bring 300 KB of script into a page when first used, a long task that is nobody's but the bench's.
 */
async function open(page: Page, { address, launcher }: Visit): Promise<Place> {
  await page.goto(address, { waitUntil: 'networkidle' })
  await orGiveUp(inPage(page, bench => bench.ready))
  // Its entry is animated.
  await pause(500)
  const place = await page.evaluate((selector) => {
    const { left, top, width, height } = document.querySelector(selector)!.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  }, launcher)
  await page.mouse.move(place.x, place.y)
  await pause(200)
  await page.mouse.click(place.x, place.y)
  await orGiveUp(inPage(page, bench => bench.opened))
  // Polling goes on, so the network never falls quite silent; what an opening sets off has begun by now.
  await pause(500)
  return place
}

/** The same visit with nothing in the page that watches, and the main thread recorded. */
async function trace(browser: Browser, context: BrowserContext, { address }: Visit, place: Place, isOurs: (path: string) => boolean, keep?: string): Promise<Stretches> {
  const page = await context.newPage()
  const events = await record(browser, page, async () => {
    await page.goto(address, { waitUntil: 'load' })
    await pause(2500)
    // As people do: first there, then pressed.
    await page.mouse.move(place.x, place.y)
    await pause(200)
    await page.mouse.click(place.x, place.y)
    await pause(1000)
  }, keep)
  if (!await page.evaluate(() => /^(?:TEXTAREA|INPUT)$/.test(document.activeElement?.tagName ?? ''))) throw new Error('The chat did not open for the trace')
  await page.close()
  return stretchesOf(events, address, isOurs)
}

/** Visits of one browser: the first is weighed, the second, with everything in the caches, is timed, a third traced where asked for. */
export async function measure(browser: Browser, visit: Visit): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await visit.prepare?.(context)
    const html = await (await context.request.get(visit.address)).text()
    // esbuild (in tsx) wraps named functions in a helper that a page does not have.
    await context.addInitScript('globalThis.__name = (it) => it')
    const watched = async () => {
      const page = await context.newPage()
      await page.addInitScript(instrument, { launcher: visit.launcher, needles: visit.needles })
      return page
    }
    const page = await watched()
    const files: Record<string, number> = {}
    const weighing: Promise<void>[] = []
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (!/\.(?:js|css)$/.test(pathname) || (pathname.startsWith('/_nuxt/') && html.includes(pathname))) return
      weighing.push(response.body().then(body => void (files[pathname] = gzipSync(body, { level: 9 }).length / 1024)))
    })
    await open(page, visit)
    await Promise.all(weighing)
    await visit.leave?.(page)
    await page.close()

    const again = await watched()
    const place = await open(again, visit)
    const { long, readyMs, clickedAt, historyMs, openMs } = await inPage(again, ({ long, readyMs, clickedAt, historyMs, openMs }) => ({ long, readyMs, clickedAt, historyMs, openMs }))
    let stretches: Stretches | undefined
    if (visit.trace) {
      await visit.leave?.(again)
      await again.close()
      stretches = await trace(browser, context, visit, place, path => path in files, visit.trace.keep)
    }
    const beyond = (tasks: Bench['long']) => tasks.reduce((sum, { ms }) => sum + ms - 50, 0)
    return {
      files,
      ...(stretches ? { stretches } : {}),
      kib: Object.values(files).reduce((sum, size) => sum + size, 0),
      readyMs,
      historyMs,
      openMs,
      loadBlockingMs: beyond(long.filter(({ at }) => at < clickedAt)),
      openBlockingMs: beyond(long.filter(({ at }) => at >= clickedAt)),
      longestMs: Math.max(0, ...long.map(({ ms }) => ms)),
    }
  }
  finally {
    await context.close()
  }
}
