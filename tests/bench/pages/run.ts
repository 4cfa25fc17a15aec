/*
 * npm run bench:pages: how the pages load on a slow phone, in Chromium, with Lighthouse's mobile profile. Needs a build
 * (npm run build) and a Chromium. Writes docs/benchmarks/pages.md and .json.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from '@playwright/test'
import { findChromium } from '../../../scripts/lib/find-chromium.mjs'
import { createAppServer } from '../../support/app-server'
import { measurePage, PROFILE, type PageFigures } from './measure'
import { customerWithHistory } from '../widget/site'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const RUNS = Number(process.env.BENCH_RUNS ?? 5)

/** The FAQs are in the chat, which the home page of somebody signed in brings along. */
const pages = [
  { name: 'home, signed out', path: '/', signedIn: false },
  { name: 'home, signed in, with the chat', path: '/', signedIn: true },
  { name: 'packages, signed out', path: '/packages', signedIn: false },
  { name: 'my plan, signed in', path: '/my-plan', signedIn: true },
  { name: 'sign in', path: '/sign-in', signedIn: false },
]

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function measure(browser: Browser, address: string, cookies: { name: string, value: string }[]): Promise<PageFigures> {
  const runs: PageFigures[] = []
  for (let run = 0; run < RUNS; run++) {
    const context = await browser.newContext({ viewport: PROFILE.viewport, isMobile: true, hasTouch: true, deviceScaleFactor: 1.75, locale: 'en-GB' })
    await context.addCookies(cookies.map(cookie => ({ ...cookie, url: address })))
    runs.push(await measurePage(context, address))
    await context.close()
  }
  const keys = Object.keys(runs[0]!) as (keyof PageFigures)[]
  return Object.fromEntries(keys.map(key => [key, median(runs.map(figures => figures[key]))])) as unknown as PageFigures
}

async function main(): Promise<void> {
  const entry = process.env.SERVER_ENTRY ?? join(root, '.output/server/index.mjs')
  if (!existsSync(entry)) throw new Error('There is no build to measure: run `npm run build` first.')
  const folder = mkdtempSync(join(tmpdir(), 'vb-bench-pages-'))
  const app = await createAppServer({ entry, variables: { DATA_DIR: join(folder, 'data'), SENTENCE_ENCODER: 'off' }, logFile: join(folder, 'server.log') })
  const browser = await chromium.launch({ executablePath: await findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
  const rows: ({ name: string } & PageFigures)[] = []
  try {
    await app.start()
    const { customer } = await customerWithHistory(app.origin, 5)
    for (const { name, path, signedIn } of pages) {
      const figures = await measure(browser, app.origin + path, signedIn ? [...customer.cookies].map(([cookie, value]) => ({ name: cookie, value })) : [])
      rows.push({ name, ...figures })
      process.stdout.write(`${name}: ${Object.entries(figures).map(([key, value]) => `${key} ${(value as number).toFixed(key === 'cls' ? 3 : 0)}`).join(', ')}\n`)
    }
  }
  finally {
    const version = browser.version()
    await browser.close()
    await app.stop()
    rmSync(folder, { recursive: true, force: true })
    if (rows.length === pages.length) write(rows, version)
  }
}

function write(rows: ({ name: string } & PageFigures)[], version: string): void {
  const date = new Date().toISOString()
  const machine = `Chromium ${version}, Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), load average ${loadavg()[0]!.toFixed(1)} at the end`
  writeFileSync(join(root, 'docs/benchmarks/pages.json'), `${JSON.stringify({ date, machine, runs: RUNS, profile: PROFILE, rows }, null, 2)}\n`)
  writeFileSync(join(root, 'docs/benchmarks/pages.md'), `# How the pages load

Written by \`npm run bench:pages\` on ${date.slice(0, 10)}: medians of ${RUNS} first visits, ${machine}. A phone ${PROFILE.cpu} times slower than this machine, on a slow 4G (${PROFILE.latencyMs} ms a round trip, ${(PROFILE.downKbit / 1024).toFixed(1)} Mbit/s down), as Lighthouse emulates one; nothing in the cache.

| page | LCP, ms | FCP, ms | TBT, ms | CLS | KiB in all | KiB of scripts | requests |
|---|---:|---:|---:|---:|---:|---:|---:|
${rows.map(row => `| ${row.name} | ${row.lcp.toFixed(0)} | ${row.fcp.toFixed(0)} | ${row.tbt.toFixed(0)} | ${row.cls.toFixed(3)} | ${row.kib.toFixed(1)} | ${row.scriptKib.toFixed(1)} | ${row.requests} |`).join('\n')}

Good by [web.dev's measure](https://web.dev/articles/vitals) is an LCP of 2,500 ms and a CLS of 0.1 at most; Lighthouse calls a TBT of 200 ms good.

- *LCP*, *FCP*: when the largest, and the first, text or picture was painted.
- *TBT*: what tasks took beyond 50 ms each, after the first paint and until nothing had happened for 2.5 seconds; the chat, which comes once the page is idle, included.
- *CLS*: the largest burst of shifts of the layout.
- *KiB*: as it came over the network, headers, fonts and pictures included. The server sends scripts and styles in Brotli, kept for a year; pages are not compressed by it (a proxy does that) and never kept.
`)
}

await main()
