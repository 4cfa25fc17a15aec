import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from '@playwright/test'

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
}

/** Runs in the page before its own scripts. Looks through open shadow roots. */
function instrument({ launcher, needles }: { launcher: string, needles: string[] }) {
  const bench = { long: [] as { at: number, ms: number }[], readyMs: 0, clickedAt: 0, historyMs: 0, openMs: 0 }
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
    if (document.querySelector(launcher)) bench.readyMs = performance.now()
    else requestAnimationFrame(waitForLauncher)
  }
  requestAnimationFrame(waitForLauncher)
  const look = () => {
    if (!bench.historyMs && needles.some(needle => inSight(needle, document))) afterPaint(() => void (bench.historyMs ||= performance.now() - bench.clickedAt))
    if (focused() && inSight(needles.at(-1)!, document)) afterPaint(() => void (bench.openMs = performance.now() - bench.clickedAt))
    else requestAnimationFrame(look)
  }
  addEventListener('click', (event) => {
    if (bench.clickedAt || !(event.target as Element).closest(launcher)) return
    bench.clickedAt = event.timeStamp
    requestAnimationFrame(look)
  }, true)
}

type Bench = { long: { at: number, ms: number }[], readyMs: number, clickedAt: number, historyMs: number, openMs: number }
const read = (page: Page) => page.evaluate(() => (window as unknown as { bench: Bench }).bench)

async function open(page: Page, { address, launcher }: Visit) {
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.waitForFunction(() => (window as unknown as { bench: Bench }).bench.readyMs > 0)
  await page.locator(launcher).click()
  await page.waitForFunction(() => (window as unknown as { bench: Bench }).bench.openMs > 0, undefined, { timeout: 15_000 })
  // Polling goes on, so the network never falls quite silent; what an opening sets off has begun by now.
  await page.waitForTimeout(500)
}

/** Two visits of one browser: the first is weighed, the second, with everything in the caches, is timed. */
export async function measure(browser: Browser, visit: Visit): Promise<Figures & { files: Record<string, number> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await visit.prepare?.(context)
    const html = await (await context.request.get(visit.address)).text()
    // esbuild (in tsx) wraps named functions in a helper that a page does not have.
    await context.addInitScript('globalThis.__name = (it) => it')
    await context.addInitScript(instrument, { launcher: visit.launcher, needles: visit.needles })
    const page = await context.newPage()
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

    const again = await context.newPage()
    await open(again, visit)
    const { long, readyMs, clickedAt, historyMs, openMs } = await read(again)
    const beyond = (tasks: Bench['long']) => tasks.reduce((sum, { ms }) => sum + ms - 50, 0)
    return {
      files,
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
