import { gzipSync } from 'node:zlib'
import type { BrowserContext, Page } from '@playwright/test'

export interface PageWeight {
  /** Scripts and styles that the page fetched, in gzip KiB, and its inline styles. */
  total: number
  /** The share of the chat: the files that came once the page could be used. */
  chat: number
  files: { path: string, kib: number }[]
}

const kib = (body: Buffer | string) => gzipSync(body).length / 1024

/** Every script and style sheet that a context fetches from now on, in order, each compressed with gzip. */
export async function collectFiles(context: BrowserContext): Promise<PageWeight['files']> {
  const files: PageWeight['files'] = []
  await context.route(/\.(?:js|css)(?:\?|$)/, async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    files.push({ path: new URL(route.request().url()).pathname, kib: kib(body) })
    await route.fulfill({ response, body })
  })
  return files
}

export const sumOf = (files: PageWeight['files']) => files.reduce((total, file) => total + file.kib, 0)

/** Weighs all JS and CSS that a page loads by itself. */
export async function weigh(page: Page, path: string): Promise<PageWeight> {
  const files = await collectFiles(page.context())
  await page.goto(path, { waitUntil: 'networkidle' })
  const html = await (await page.context().request.get(path)).text()
  const inline = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(match => match[1]).join('\n')
  const named = filesNamedIn(html)
  return { total: sumOf(files) + (inline ? kib(inline) : 0), chat: sumOf(files.filter(file => !named.has(file.path))), files }
}

/** The files that a page's HTML asks for by itself. */
export const filesNamedIn = (html: string) => new Set([...html.matchAll(/\/_nuxt\/[\w.-]+\.(?:js|css)/g)].map(match => match[0]))

/** To be run in a page before its own scripts: `hydratedAt` says when Vue had taken the page over, in the page's own time. */
export function noteHydration() {
  const { port1, port2 } = new MessageChannel()
  const nuxt = () => (window as unknown as { useNuxtApp?: () => { isHydrating: boolean } }).useNuxtApp
  // Messages come before the browser is idle, and only then the chat begins.
  port1.onmessage = () => {
    if (nuxt()?.().isHydrating === false) Object.assign(window, { hydratedAt: performance.now() })
    else setTimeout(() => port2.postMessage(null))
  }
  port2.postMessage(null)
}
