import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'

export interface PageWeight {
  /** Scripts and styles that the page fetched, in gzip KiB, and its inline styles. */
  total: number
  /** The share of the chat: the files that came once the page could be used. */
  chat: number
  files: { path: string, kib: number }[]
}

const kib = (body: Buffer | string) => gzipSync(body).length / 1024

/** Weighs all JS and CSS that a page loads by itself, each file compressed with gzip. */
export async function weigh(page: Page, path: string): Promise<PageWeight> {
  const files: PageWeight['files'] = []
  await page.context().route(/\.(?:js|css)(?:\?|$)/, async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    files.push({ path: new URL(route.request().url()).pathname, kib: kib(body) })
    await route.fulfill({ response, body })
  })
  await page.goto(path, { waitUntil: 'networkidle' })
  const html = await (await page.context().request.get(path)).text()
  const inline = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(match => match[1]).join('\n')
  const named = new Set([...html.matchAll(/\/_nuxt\/[\w.-]+\.(?:js|css)/g)].map(match => match[0]))
  const sum = (some: PageWeight['files']) => some.reduce((total, file) => total + file.kib, 0)
  return { total: sum(files) + (inline ? kib(inline) : 0), chat: sum(files.filter(file => !named.has(file.path))), files }
}
