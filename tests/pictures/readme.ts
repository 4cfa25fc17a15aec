/*
 * npm run pictures:readme: takes the pictures of the README anew (docs/images), of a server with two months of made-up
 * conversations. Needs a build (npm run build) and Chromium. -- FOLDER puts them elsewhere.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/lib/find-chromium.mjs'
import { ADMIN, createAppServer } from '../support/app-server'
import { chatOn, speakGreek } from '../support/chat-page'
import { hydrated, register, signIn, type Account } from '../support/e2e'
import { makeBusySite } from './busy-site'
import { speakGreekAsAdmin } from './greek-site'
import { toPalette } from './small-png'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = process.argv[2] ?? join(root, 'docs/images')

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }

/** A conversation as a couple might have it. */
async function converse(page: Page): Promise<void> {
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('How many guests can you host?')
  const thanked = page.waitForResponse(response => response.url().endsWith('/feedback') && response.ok())
  await chat.log.getByRole('button', { name: 'Helpful', exact: true }).click()
  await thanked
  await chat.ask('What happens if it rains on the day?')
  await chat.composer.blur()
}

async function converseInGreek(page: Page): Promise<void> {
  await page.locator('.vb-launcher').tap()
  await page.locator('.vb-question').first().tap()
  await page.getByRole('link', { name: 'Τοποθεσίες' }).waitFor()
  await page.locator('.vb-composer textarea').fill('τι γίνεται αν βρέξει;')
  await page.locator('.vb-composer button[type=submit]').tap()
  await page.locator('strong', { hasText: 'χωρίς χρέωση' }).waitFor()
  await page.locator('.vb-composer textarea').blur()
}

async function main(): Promise<void> {
  const entry = process.env.SERVER_ENTRY ?? join(root, '.output/server/index.mjs')
  if (!existsSync(entry)) throw new Error('There is no build to take pictures of: run `npm run build` first.')
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'vb-readme-'))
  await makeBusySite(join(work, 'data'))
  const app = await createAppServer({ entry, variables: { DATA_DIR: join(work, 'data') }, logFile: join(work, 'server.log') })
  const browser = await chromium.launch({ executablePath: await findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await app.start()
    const couple = await newCouple(browser, app.origin)
    const take = (name: string, path: string, who: Account, options: BrowserContextOptions, prepare: (page: Page) => Promise<void>) => picture(browser, { name, address: app.origin + path, who, options, origin: app.origin, prepare })
    await take('chat', '/', couple, desktop, converse)
    await take('chat-dark', '/', couple, { ...desktop, colorScheme: 'dark' }, open)
    await take('chat-phone', '/', couple, phone, open)
    await take('admin-overview', '/admin', { ...ADMIN, name: 'Administrator' }, { viewport: { width: 1280, height: 900 } }, page => page.getByRole('heading', { name: 'Ratings' }).waitFor())
    await speakGreekAsAdmin(app.origin)
    await take('chat-greek', '/', await newCouple(browser, app.origin), { ...phone, locale: 'el' }, converseInGreek)
  }
  finally {
    await browser.close()
    await app.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

async function newCouple(browser: Browser, origin: string): Promise<Account> {
  const context = await browser.newContext()
  const account = await register(context.request, origin, 'Eleni')
  await context.close()
  return account
}

async function open(page: Page): Promise<void> {
  const chat = chatOn(page)
  await chat.open()
  await chat.said('What happens if it rains').waitFor()
  await chat.log.getByRole('link', { name: 'Locations' }).waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

interface Shot { name: string, address: string, who: Account, options: BrowserContextOptions, origin: string, prepare: (page: Page) => Promise<void> }

async function picture(browser: Browser, { name, address, who, options, origin, prepare }: Shot): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Athens', reducedMotion: 'reduce', ...options })
  try {
    await signIn(context, who, origin)
    if (options.locale === 'el') await speakGreek(context)
    const page = await context.newPage()
    await page.goto(address)
    await hydrated(page)
    await prepare(page)
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    const png = toPalette(await page.screenshot())
    writeFileSync(join(folder, `${name}.png`), png)
    process.stdout.write(`${name}.png: ${(png.length / 1024).toFixed(0)} KiB\n`)
  }
  finally {
    await context.close()
  }
}

await main()
