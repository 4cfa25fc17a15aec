/*
 * npm run bench:widget: what the widget costs a page, beside three others from npm on the same page and machine.
 * The others are fetched as their published bundles into .cache/bench-widget, never into the product's dependencies.
 * Writes docs/benchmarks/widget.md.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser } from '@playwright/test'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'
import { findChromium } from '../../../scripts/lib/find-chromium.mjs'
import { createChatServer } from '../../support/chat-server'
import { contenders } from './contenders'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = join(root, '.cache/bench-widget')
const RUNS = Number(process.env.BENCH_RUNS ?? 5)
const HISTORY = Array.from({ length: 50 }, (_, index) => ({ text: index % 2 ? `Reply ${index}: for **80 guests** most couples spend about *14,000 euros*.\n\n- the venue\n- the dinner` : `Question ${index}?`, mine: index % 2 === 0 }))
const LAST = 'Reply 49'

interface Figures { gzipKiB: number, readyMs: number, openMs: number, blockingMs: number, longestMs: number }

function fetchContender(spec: string): void {
  const name = spec.replace(/^@/, '').replace('/', '-').replace(/@[^@]+$/, '')
  const target = join(folder, name)
  if (existsSync(join(target, 'package.json'))) return
  mkdirSync(target, { recursive: true })
  const archive = execFileSync('npm', ['pack', spec, '--silent'], { cwd: folder, encoding: 'utf8' }).trim().split('\n').at(-1)!
  execFileSync('tar', ['xzf', archive, '-C', target, '--strip-components', '1'], { cwd: folder })
}

async function buildOurs(): Promise<void> {
  await build({
    root,
    base: '/ours/',
    configFile: false,
    logLevel: 'error',
    plugins: [vue()],
    resolve: { alias: { '~': root, '#shared': join(root, 'shared') } },
    define: { '__VUE_OPTIONS_API__': 'false', '__VUE_PROD_DEVTOOLS__': 'false', 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: join(folder, 'ours'),
      emptyOutDir: true,
      target: 'es2022',
      rollupOptions: {
        input: join(root, 'tests/bench/widget/pages/ours.ts'),
        // The page has Vue and Pinia anyway (Nuxt's own); the chat's share is what is left.
        output: { entryFileNames: 'main.js', assetFileNames: '[name][extname]', manualChunks: id => (/node_modules\/(?:@vue|vue|pinia)\//.test(id) ? 'vue-and-pinia' : undefined) },
      },
    },
  })
}

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }

/** One small server for every page: static files, the chat's API in memory, and n8n's webhook. */
async function serve() {
  const chat = createChatServer()
  const conversation = chat.begin()
  for (const { text, mine } of HISTORY) chat.add(conversation, { text, sender: mine ? 'customer' : 'bot' })
  const page = (module: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body><h1>A page</h1><script>const messages = ${JSON.stringify(HISTORY)}</script><script type="module">${module}</script></body></html>`
  const pages: Record<string, string> = Object.fromEntries(contenders.map(({ name, module }) => [`/page/${name.replace(/\W/g, '')}`, page(module)]))
  pages['/page/ours'] = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title><link rel="stylesheet" href="/ours/ours.css"><script type="module" src="/ours/main.js"></script></head><body><h1>A page</h1></body></html>`
  const server = createServer((request, response) => void (async () => {
    const path = request.url!.split('?')[0]!
    if (path.startsWith('/api/chatbot')) {
      const answer = await chat.transport(request.url!, { method: request.method, headers: request.headers as Record<string, string> })
      return response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    }
    if (path === '/n8n') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: HISTORY.map(({ text, mine }, index) => ({ id: ['a', 'b', mine ? 'HumanMessage' : 'AIMessage', String(index)], kwargs: { content: text } })) }))
    if (pages[path]) return response.writeHead(200, { 'content-type': 'text/html' }).end(pages[path])
    const file = join(folder, path)
    if (!existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

/** Runs in the page: looks through open shadow roots as well. */
const finder = `window.finds = (needle, node = document.body) => {
  if (node.textContent.includes(needle)) return true
  for (const element of node.querySelectorAll('*')) if (element.shadowRoot && window.finds(needle, element.shadowRoot)) return true
  return false
}
window.long = []
new PerformanceObserver(list => window.long.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask', buffered: true })`

async function measure(browser: Browser, address: string, isOurs: boolean): Promise<Figures & { parts: Record<string, number> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const parts: Record<string, number> = {}
  const weighing: Promise<void>[] = []
  page.on('response', (response) => {
    if (!/\.(?:js|css)$/.test(new URL(response.url()).pathname)) return
    weighing.push(response.body().then((body) => {
      parts[new URL(response.url()).pathname] = gzipSync(body, { level: 9 }).length
    }))
  })
  await page.addInitScript(finder)
  if (isOurs) {
    // Opened before: the history is in localStorage, as for every visit but the first.
    await page.goto(address)
    await page.waitForFunction('window.isReady?.()')
    await page.evaluate('window.show()')
    await page.waitForFunction(`window.finds('${LAST}')`)
    await page.evaluate(() => document.querySelector<HTMLElement>('[aria-label="Close the chat"]')!.click())
    await page.waitForTimeout(400)
  }
  await page.goto(address)
  await page.waitForFunction('window.isReady?.()', undefined, { polling: 'raf' })
  const readyMs = await page.evaluate('performance.now()') as number
  await page.waitForLoadState('networkidle')
  const openMs = await page.evaluate(`new Promise((resolve) => {
    const began = performance.now()
    window.show()
    const look = () => window.finds('${LAST}') ? requestAnimationFrame(() => resolve(performance.now() - began)) : requestAnimationFrame(look)
    look()
  })`) as number
  await page.waitForTimeout(500)
  const long = await page.evaluate('window.long') as number[]
  await Promise.all(weighing)
  await context.close()
  return { gzipKiB: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) / 1024, readyMs, openMs, blockingMs: long.reduce((sum, ms) => sum + ms - 50, 0), longestMs: Math.max(0, ...long), parts }
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const contender of contenders) fetchContender(contender.package)
  await buildOurs()
  const server = await serve()
  const browser = await chromium.launch({ executablePath: await findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
  const rows: string[] = []
  let share = ''
  for (const [name, slug] of [['VasiliasBot', 'ours'], ...contenders.map(({ package: spec, name: plain }) => [spec, plain.replace(/\W/g, '')])] as [string, string][]) {
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let run = 0; run < RUNS; run++) runs.push(await measure(browser, `${server.origin}/page/${slug}`, slug === 'ours'))
    const of = (key: keyof Figures) => median(runs.map(run => run[key]))
    rows.push(`| ${name} | ${of('gzipKiB').toFixed(1)} | ${Math.round(of('readyMs'))} | ${Math.round(of('openMs'))} | ${Math.round(of('blockingMs'))} | ${Math.round(of('longestMs'))} |`)
    if (slug === 'ours') {
      const parts = Object.entries(runs[0]!.parts).filter(([path]) => !path.includes('vue-and-pinia'))
      share = `The chat's own share (everything for a conversation, JS and CSS, without Vue and Pinia, which a Nuxt page has anyway; the page's colour tokens and the API client are in it): **${(parts.reduce((sum, [, bytes]) => sum + bytes, 0) / 1024).toFixed(1)} KiB**.`
    }
    process.stdout.write(`${rows.at(-1)}\n`)
  }
  await browser.close()
  server.close()
  const note = `# The widget beside others

Written by \`npm run bench:widget\`: ${RUNS} runs each, medians; Chromium, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}. All on the same page, each with the same 50 messages, each as its own bundle from npm embeds it. Times vary with the machine and what else it does; compare rows, not tables.

| widget | JS + CSS, gzip KiB | script to ready, ms | open to history on the screen, ms | blocking, ms | longest task, ms |
|---|---:|---:|---:|---:|---:|
${rows.join('\n')}

${share}

How to read it:
- *weight*: every script and style sheet the page fetched until the history was on the screen, compressed with gzip -9 by us, so that no server's setting matters. Ours includes Vue and Pinia here, because the others bring their frameworks too.
- *ready*: from the start of navigation until the button (or, for those without one, the element) can be used.
- *open*: from the click (or from adding the element) until the newest message is in the document and a frame has passed. Ours shows its history from localStorage, as on every visit but the first; the others get theirs from memory or, @n8n/chat, from a server on the same machine.
- *blocking*: the part beyond 50 ms of every long task from navigation until half a second after opening.
`
  mkdirSync(join(root, 'docs/benchmarks'), { recursive: true })
  writeFileSync(join(root, 'docs/benchmarks/widget.md'), note)
  process.stdout.write(`${share}\n`)
}

await main()
