/*
 * npm run bench:widget: what the widget costs a page, beside three others from npm on the same page and machine.
 * Needs a build (npm run build), Chromium and an npm registry. Writes docs/benchmarks/widget.md.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext } from '@playwright/test'
import { findChromium } from '../../../scripts/lib/find-chromium.mjs'
import { createAppServer } from '../../support/app-server'
import { bundleContender, slugOf, weighOursAlone } from './bundles'
import { contenders } from './contenders'
import { measure, type Figures, type Measured, type Visit } from './measure'
import { writeNote, type Row } from './note'
import { readUpward } from './reading'
import { customerWithHistory, serveSite } from './site'
import type { Stretches } from './trace'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const RUNS = Number(process.env.BENCH_RUNS ?? 5)
const PAIRS = 25
const OURS = 'VasiliasBot'
/** Where the traces of our visits are kept, for DevTools; with the profiler's samples, which slow scripts down. */
const TRACES = process.env.BENCH_TRACES

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** A stretch of a message without markup, to know it by on the screen. */
const needleOf = (text: string) => text.split(/[^\p{L}\p{N} ,’]+/u).reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), '').slice(0, 40)

async function medians(name: string, browser: Browser, visit: Visit): Promise<Row> {
  const runs: Measured[] = []
  for (let run = 0; run < RUNS; run++) {
    const keep = visit.trace && TRACES && join(TRACES, `${slugOf(name)}-${run + 1}.json`)
    runs.push(await measure(browser, { ...visit, ...(visit.trace ? { trace: keep ? { keep } : {} } : {}) }))
  }
  const of = (key: keyof Figures) => median(runs.map(figures => figures[key]))
  const row = { name, kib: of('kib'), readyMs: of('readyMs'), historyMs: of('historyMs'), openMs: of('openMs'), loadBlockingMs: of('loadBlockingMs'), openBlockingMs: of('openBlockingMs'), longestMs: of('longestMs') }
  say(`${name}: ${Object.entries(row).filter(([key]) => key !== 'name').map(([key, value]) => `${key} ${Number(value).toFixed(1)}`).join(', ')}`)
  const stretches = runs.flatMap(run => run.stretches ?? [])
  if (!stretches.length) return row
  for (const [what, task] of Object.entries(medianStretches(stretches))) say(`  longest task, ${what}: ${task.cpuMs.toFixed(1)} ms on the processor, ${task.ms.toFixed(1)} by the clock, at ${task.at.toFixed(0)}, ${JSON.stringify(task.share, (_, value) => typeof value === 'number' ? Math.round(value) : value)}`)
  return { ...row, stretches: medianStretches(stretches) }
}

/** Of each stretch the run in the middle, whole: medians of the parts would not add up. */
function medianStretches(runs: Stretches[]): Stretches {
  const middle = (key: keyof Stretches) => [...runs].sort((a, b) => a[key].cpuMs - b[key].cpuMs)[Math.floor(runs.length / 2)]![key]
  return { page: middle('page'), arrival: middle('arrival'), opening: middle('opening') }
}

async function main(): Promise<void> {
  const entry = process.env.SERVER_ENTRY ?? join(root, '.output/server/index.mjs')
  if (!existsSync(entry)) throw new Error('There is no build to measure: run `npm run build` first.')
  const folder = mkdtempSync(join(tmpdir(), 'vb-bench-widget-'))
  const app = await createAppServer({ entry, variables: { DATA_DIR: join(folder, 'data') }, logFile: join(folder, 'server.log') })
  if (TRACES) mkdirSync(TRACES, { recursive: true })
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true }), () => app.stop()]
  try {
    const others = process.env.BENCH_ONLY_OURS ? [] : contenders
    for (const contender of others) await bundleContender(contender, folder)
    const aloneKib = await weighOursAlone(root, folder)
    await app.start()
    const { customer, said } = await customerWithHistory(app.origin, PAIRS)
    const site = await serveSite(app.origin, folder, said)
    closing.push(site.close)
    const browser = await chromium.launch({ executablePath: await findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
    closing.push(() => browser.close())

    const needles = [...new Set(said.filter(({ mine }) => !mine).map(({ text }) => needleOf(text)))]
    const signedIn = async (context: BrowserContext) => {
      const cookies = [...customer.cookies, ['vb_signed_in', 'cookie'] as const].map(([name, value]) => ({ name, value, url: site.origin }))
      await context.addCookies(cookies)
    }
    const ours: Visit = { address: `${site.origin}/`, launcher: '.vb-launcher', needles, prepare: signedIn, leave: page => page.locator('.vb-panel').getByRole('button', { name: /^(?:Close the chat|Κλείσιμο)/ }).click() }
    const inGreek = async (context: BrowserContext) => {
      await signedIn(context)
      await context.addInitScript(() => new MutationObserver(() => document.documentElement?.lang === 'en' && (document.documentElement.lang = 'el')).observe(document, { childList: true, subtree: true }))
    }
    const rows = [await medians(OURS, browser, { ...ours, trace: {} })]
    const reading = await readUpward(browser, { origin: site.origin, prepare: signedIn })
    say(`Reading upward: ${JSON.stringify(reading)}`)
    for (const { name, version } of others) {
      // A contender that does not open here is no reason to learn nothing of the others.
      const row = await medians(`${name} ${version}`, browser, { address: `${site.origin}/?with=${slugOf(name)}`, launcher: '[data-bench-open]', needles }).catch((cause: unknown) => say(`${name} could not be measured: ${String(cause)}`))
      if (row) rows.push(row)
    }
    const greek = await measure(browser, { ...ours, prepare: inGreek })
    say(`In Greek: ${JSON.stringify(greek.files)}`)

    const note = writeNote(rows, {
      runs: RUNS,
      date: new Date().toISOString().slice(0, 10),
      chromium: browser.version(),
      node: process.versions.node,
      machine: `${cpus().length} cores (${cpus()[0]?.model.trim()})`,
      messages: PAIRS * 2,
      aloneKib,
      greekKib: greek.kib,
      reading,
      load: loadavg()[0]!,
    })
    // Half a table, or one slowed down by the profiler, is for reading, not for keeping.
    if (others.length && !TRACES) writeFileSync(join(root, 'docs/benchmarks/widget.md'), note)
    else say(note)
  }
  finally {
    for (const close of closing.reverse()) await close()
  }
}

await main()
