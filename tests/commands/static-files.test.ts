import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtServer, Workshop } from '../support/server-process'

const publicFolder = join(dirname(dirname(builtServer)), 'public')
const workshop = new Workshop()
let origin: string

beforeAll(async () => {
  origin = await workshop.launch({ env: { SENTENCE_ENCODER: 'off', LOG_LEVEL: 'warn' } }).ready()
})
afterAll(() => workshop.tidy())

const assets = () => readdirSync(join(publicFolder, '_nuxt')).filter(name => !/\.(?:br|gz)$/.test(name))
const get = (path: string, encoding: string) => fetch(origin + path, { headers: { 'accept-encoding': encoding } })

describe('what a page is made of', () => {
  it('every script and style of a kibibyte or more was compressed when it was built, in Brotli and gzip', () => {
    const plain = assets().filter(name => /\.(?:js|css)$/.test(name) && statSync(join(publicFolder, '_nuxt', name)).size > 1_024)
    expect(plain.length).toBeGreaterThan(20)
    for (const name of plain) {
      for (const ending of ['br', 'gz']) expect(existsSync(join(publicFolder, '_nuxt', `${name}.${ending}`)), `${name}.${ending}`).toBe(true)
    }
  })

  it('is served so, under names that change with the content, to be kept for ever', async () => {
    const script = assets().find(name => name.endsWith('.js') && statSync(join(publicFolder, '_nuxt', name)).size > 10_000)!
    for (const [asked, sent] of [['br, gzip', 'br'], ['gzip', 'gzip'], ['identity', null]] as const) {
      const response = await get(`/_nuxt/${script}`, asked)
      expect(response.headers.get('content-encoding')).toBe(sent)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      if (sent) expect(response.headers.get('vary')).toMatch(/accept-encoding/i)
      expect(await response.text()).toBe(readFileSync(join(publicFolder, '_nuxt', script), 'utf8'))
    }
    for (const name of assets()) expect(name, 'a hash of its content').toMatch(/[\w-]{8}\.(?:js|css|woff2|svg|png|webp|jpe?g)$/)
  })

  it('a script of an older build that is gone is not kept as missing for ever', async () => {
    const response = await get('/_nuxt/AAAAAAAA.js', 'br')
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control') ?? '').not.toContain('immutable')
  })

  it('pages are asked for anew each time', async () => {
    for (const path of ['/', '/packages', '/sign-in']) {
      const response = await get(path, 'identity')
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'private, no-cache'])
    }
  })

  it('fonts come from this server, and nothing comes from another', async () => {
    const styles = assets().filter(name => name.endsWith('.css')).map(name => readFileSync(join(publicFolder, '_nuxt', name), 'utf8')).join('\n')
    expect(styles).toMatch(/url\([^)]*\.woff2/)
    expect(styles.match(/(?:url\(|@import\s+)["']?(?:https?:)?\/\/[^)"';]*/g)).toBeNull()
    const html = await (await get('/', 'identity')).text()
    expect([...html.matchAll(/<(?:script|link|img|source|iframe)\b[^>]*?(?:src|href|srcset)="([^"]+)"/g)].map(match => match[1]!).filter(url => /^(?:https?:)?\/\//.test(url))).toEqual([])
    expect(html).not.toMatch(/fonts\.(?:googleapis|gstatic)/)
  })

  it('a page brings its own route and no other’s, least of all the back office’s', async () => {
    const scriptsOf = async (path: string) => new Set([...(await (await get(path, 'identity')).text()).matchAll(/\/_nuxt\/([\w.-]+\.js)/g)].map(match => match[1]!))
    const [home, packages] = await Promise.all([scriptsOf('/'), scriptsOf('/packages')])
    expect([...home].filter(name => !packages.has(name)).length, 'scripts of the home page alone').toBeGreaterThan(0)
    expect([...packages].filter(name => !home.has(name)).length, 'scripts of the packages alone').toBeGreaterThan(0)
    const all = assets().filter(name => name.endsWith('.js')).length
    expect(home.size).toBeLessThan(all / 3)
  })
})
