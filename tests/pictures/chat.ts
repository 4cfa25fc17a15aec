/*
 * npm run pictures:chat -- FOLDER: the chat in every state, light and dark, on a desktop, a phone and 320 px, English and
 * Greek, as sheets of pictures to look at. MODES and ONLY (names, with commas) leave the others out. Needs a build
 * (npm run build) and Chromium. What the server would say is made up here.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/lib/find-chromium.mjs'
import { createAppServer } from '../support/app-server'
import { fakeChatApi, speakGreek } from '../support/chat-page'
import { refusal, type ChatServer } from '../support/chat-server'
import { register, signIn } from '../support/e2e'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = process.argv[2] ?? join(root, 'test-results/chat-pictures')
const PER_SHEET = 8

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
/** As narrow as WCAG asks for: an old phone, or 400 % zoom. */
const narrow = { width: 320, height: 568 }

const modes = [
  { name: 'light', theme: 'light', language: 'en', size: desktop, isPhone: false },
  { name: 'dark', theme: 'dark', language: 'en', size: desktop, isPhone: false },
  { name: 'phone', theme: 'light', language: 'en', size: phone, isPhone: true },
  { name: 'phone-dark', theme: 'dark', language: 'en', size: phone, isPhone: true },
  { name: 'narrow', theme: 'light', language: 'en', size: narrow, isPhone: true },
  { name: 'forced', theme: 'dark', language: 'en', size: desktop, isPhone: false },
  { name: 'greek', theme: 'light', language: 'el', size: phone, isPhone: true },
  { name: 'greek-desktop', theme: 'light', language: 'el', size: desktop, isPhone: false },
  { name: 'greek-dark', theme: 'dark', language: 'el', size: desktop, isPhone: false },
  { name: 'greek-narrow', theme: 'dark', language: 'el', size: narrow, isPhone: true },
] as const
type Mode = (typeof modes)[number]

const words = {
  en: { ask: 'How much for 80 people?', reply: 'Between **14,000** and *19,000* euros, with:\n\n- the venue\n- the dinner, see [food](/services/food-and-drinks)\n\nUse `VB-2027` when you write to us.', unsure: 'I am not sure about that one.', agent: 'Hello, this is Maria. I will look into it at once.', long: 'A longer text, so that there is something to scroll. ' },
  el: { ask: 'Πόσο κοστίζει για 80 άτομα;', reply: 'Από **14.000** έως *19.000* ευρώ, μαζί με:\n\n- τον χώρο\n- το δείπνο, δείτε [εδώ](/services/food-and-drinks)\n\nΓράψτε μας τον κωδικό `VB-2027`.', unsure: 'Δεν είμαι βέβαιος γι’ αυτό.', agent: 'Καλησπέρα σας, είμαι η Μαρία. Θα το δω αμέσως.', long: 'Ένα μεγαλύτερο κείμενο, για να υπάρχει κάτι να κυλήσει. ' },
}

interface Scene { page: Page, server: ChatServer, mode: Mode, context: BrowserContext }

const press = (page: Page, selector: string) => page.locator(selector).click()
const write = async ({ page }: Scene, text: string) => {
  await page.locator('.vb-field textarea').fill(text)
  await page.keyboard.press('Enter')
}
function talk({ server, mode }: Scene) {
  const { ask, reply, unsure } = words[mode.language]
  const conversation = server.begin([{ sender: 'customer', text: ask }, { text: reply, source: 'rag', citations: [{ title: 'Price list 2027', url: 'https://example.com/prices' }], feedback: { id: 'f', value: 'up', comment: null } }, { sender: 'customer', text: 'مرحبا، كم يكلف؟' }])
  server.add(conversation, { text: unsure, source: 'fallback', suggestions: server.faqs.map(faq => ({ faq_id: faq.id, question: faq.question })) })
  return conversation
}
const openPanel = async ({ page }: Scene) => {
  await press(page, '.vb-launcher')
  await page.locator('.vb-panel').waitFor()
}
/** The conversation, opened. */
const shown = async (scene: Scene) => {
  const conversation = talk(scene)
  await openPanel(scene)
  await scene.page.locator('[data-row]').nth(3).waitFor()
  return conversation
}

/** Each brings a page that has just been opened into its state. `before` runs before the page is loaded. */
const states: Record<string, { before?: (scene: Scene) => unknown, reach: (scene: Scene) => Promise<unknown> }> = {
  'button': { reach: async () => {} },
  'greeting': { reach: async (scene) => {
    await openPanel(scene)
    await scene.page.locator('.vb-question').first().waitFor()
  } },
  'loading': { before: ({ server }) => server.failNext('GET', /^\/conversations/, () => new Promise(() => {})), reach: async (scene) => {
    await openPanel(scene)
    await scene.page.locator('.vb-skeletons').first().waitFor()
  } },
  'conversation': { reach: shown },
  'away': { before: ({ server }) => (server.config.away_until = new Date(Date.now() + 40 * 3_600_000).toISOString()), reach: shown },
  'what was missing': { reach: async (scene) => {
    await shown(scene)
    await scene.page.locator('.vb-thumb').last().click()
    await scene.page.locator('.vb-missing').waitFor()
  } },
  'thanks': { reach: async (scene) => {
    await shown(scene)
    await scene.page.locator('.vb-thumb').last().click()
    await scene.page.locator('.vb-missing textarea').fill('Prices for children')
    await press(scene.page, '.vb-missing [type=submit]')
    await scene.page.locator('.vb-feedback [role=status]').waitFor()
  } },
  'rating failed': { reach: async (scene) => {
    await shown(scene)
    scene.server.failNext('POST', /feedback/, () => refusal(500, 'INTERNAL_ERROR'))
    await scene.page.locator('.vb-thumb').last().click()
    await scene.page.locator('.vb-feedback [role=alert]').waitFor()
  } },
  'menu': { reach: async (scene) => {
    await shown(scene)
    await press(scene.page, '.vb-menu-anchor button')
    await scene.page.locator('.vb-menu').waitFor()
  } },
  'delete': { reach: async (scene) => {
    await states.menu!.reach(scene)
    await press(scene.page, '.vb-menu > button:last-of-type')
    await scene.page.locator('[data-keep]').waitFor()
  } },
  'past': { before: (scene) => {
    talk(scene).status = 'closed'
  }, reach: async (scene) => {
    await openPanel(scene)
    await press(scene.page, '.vb-menu-anchor button')
    await press(scene.page, '.vb-menu .vb-item >> nth=0')
    await scene.page.locator('.vb-view .vb-question').waitFor()
  } },
  'reading': { before: scene => states.past!.before!(scene), reach: async (scene) => {
    await states.past!.reach(scene)
    await press(scene.page, '.vb-view .vb-question')
    await scene.page.locator('[data-row]').nth(3).waitFor()
  } },
  'search': { reach: async (scene) => {
    await shown(scene)
    await press(scene.page, '.vb-field .vb-round >> nth=0')
    await scene.page.locator('.vb-search').fill('dog')
  } },
  'nothing found': { reach: async (scene) => {
    await states.search!.reach(scene)
    await scene.page.locator('.vb-search').fill('helicopter')
  } },
  'typing': { before: ({ server }) => (server.answer = () => null), reach: async (scene) => {
    await openPanel(scene)
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-dots').waitFor()
  } },
  'still looking': { before: ({ server }) => (server.answer = () => null), reach: async (scene) => {
    await openPanel(scene)
    await scene.page.clock.install()
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-dots').waitFor()
    await scene.page.clock.runFor(9000)
  } },
  'refused': { reach: async (scene) => {
    await shown(scene)
    scene.server.failNext('POST', /^\/messages/, () => refusal(400, 'VALIDATION_ERROR'))
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-row-failed').waitFor()
  } },
  'held back': { reach: async (scene) => {
    await shown(scene)
    scene.server.failNext('POST', /^\/messages/, () => refusal(429, 'RATE_LIMITED', { 'retry-after': '60' }))
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-notice').waitFor()
  } },
  'offline': { reach: async (scene) => {
    await shown(scene)
    await scene.context.setOffline(true)
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-notice').waitFor()
  } },
  'unreachable': { reach: async (scene) => {
    await shown(scene)
    scene.server.failNext('POST', /^\/messages/, () => new TypeError('Failed to fetch'))
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-notice').waitFor()
  } },
  'closed': { reach: async (scene) => {
    const conversation = await shown(scene)
    conversation.status = 'closed'
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-row-failed').waitFor()
  } },
  'session ended': { reach: async (scene) => {
    await shown(scene)
    scene.server.failNext('POST', /^\/messages/, () => refusal(401, 'NOT_AUTHENTICATED'))
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-notice').waitFor()
  } },
  'too long': { reach: async (scene) => {
    await shown(scene)
    await scene.page.locator('.vb-field textarea').fill(words[scene.mode.language].long.repeat(40))
  } },
  'new messages': { reach: async (scene) => {
    const { long, agent } = words[scene.mode.language]
    const conversation = await shown(scene)
    for (let at = 0; at < 4; at++) scene.server.add(conversation, { text: long.repeat(6) })
    await scene.page.locator('[data-row]').nth(7).waitFor()
    await scene.page.locator('.vb-log').evaluate(box => (box.scrollTop = 200))
    await scene.page.locator('.vb-news').waitFor()
    scene.server.add(conversation, { sender: 'agent', text: agent })
    await scene.page.locator('.vb-news:not(.vb-news-quiet)').waitFor()
  } },
  'a person': { reach: async (scene) => {
    const conversation = await shown(scene)
    scene.server.handling = 'person'
    scene.server.add(conversation, { sender: 'agent', text: words[scene.mode.language].agent })
    await scene.page.locator('[data-row]').nth(4).waitFor()
  } },
  'waiting for a person': { reach: async (scene) => {
    scene.server.config.away_until = new Date(Date.now() + 40 * 3_600_000).toISOString()
    const conversation = await shown(scene)
    scene.server.handling = 'waiting'
    scene.server.add(conversation, { text: words[scene.mode.language].unsure })
    await scene.page.locator('[data-row]').nth(4).waitFor()
  } },
  'unread': { before: scene => talk(scene), reach: async (scene) => {
    await openPanel(scene)
    await scene.page.locator('[data-row]').nth(3).waitFor()
    scene.server.answer = () => null
    await write(scene, words[scene.mode.language].ask)
    await scene.page.locator('.vb-dots').waitFor()
    await press(scene.page, '.vb-header > .vb-round')
    scene.server.answerLate(scene.server.active()!.messages.at(-1)!, words[scene.mode.language].reply)
    await scene.page.locator('.vb-unread').waitFor()
  } },
}

async function picture(browser: Browser, origin: string, mode: Mode, name: string): Promise<Buffer> {
  const context = await browser.newContext({ viewport: mode.size, colorScheme: mode.theme, forcedColors: mode.name === 'forced' ? 'active' : 'none', deviceScaleFactor: 1, hasTouch: mode.isPhone, isMobile: mode.isPhone, reducedMotion: 'reduce', locale: mode.language, timezoneId: 'Europe/Athens' })
  try {
    await signIn(context, await register(context.request, origin), origin)
    const server = await fakeChatApi(context)
    if (mode.language === 'el') await speakGreek(context)
    const page = await context.newPage()
    page.setDefaultTimeout(8000)
    const scene = { page, server, mode, context }
    const state = states[name]!
    await state.before?.(scene)
    await page.goto(origin)
    await page.locator('.vb-launcher').waitFor()
    await state.reach(scene)
    // The last change has been drawn.
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    return await page.screenshot(mode.isPhone ? {} : { clip: { x: mode.size.width - 432, y: mode.size.height - 688, width: 432, height: 688 } })
  }
  finally {
    await context.close()
  }
}

async function sheet(browser: Browser, mode: Mode, shots: { name: string, png: Buffer }[], file: string) {
  const page = await browser.newPage({ viewport: { width: mode.isPhone ? 1640 : 1790, height: 400 } })
  await page.setContent(`<body style="margin:12px;display:grid;grid-template-columns:repeat(4,auto);gap:10px;font:14px sans-serif;background:#888">${shots.map(({ name, png }) => `<figure style="margin:0"><figcaption>${mode.name}: ${name}</figcaption><img src="data:image/png;base64,${png.toString('base64')}"></figure>`).join('')}`)
  writeFileSync(file, await page.screenshot({ fullPage: true }))
  await page.close()
}

async function main(): Promise<void> {
  const entry = process.env.SERVER_ENTRY ?? join(root, '.output/server/index.mjs')
  if (!existsSync(entry)) throw new Error('There is no build to look at: run `npm run build` first.')
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'vb-pictures-'))
  const app = await createAppServer({ entry, variables: { DATA_DIR: join(work, 'data') }, logFile: join(work, 'server.log') })
  const browser = await chromium.launch({ executablePath: await findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await app.start()
    const wanted = process.env.ONLY?.split(',')
    for (const mode of modes.filter(({ name }) => !process.env.MODES || process.env.MODES.split(',').includes(name))) {
      const shots: { name: string, png: Buffer }[] = []
      for (const name of Object.keys(states).filter(state => !wanted || wanted.includes(state))) {
        const png = await picture(browser, app.origin, mode, name).catch((problem: unknown) => void process.stdout.write(`${mode.name}, ${name}: ${String(problem).split('\n')[0]}\n`))
        if (png) shots.push({ name, png })
        else process.exitCode = 1
      }
      for (let at = 0; at < shots.length; at += PER_SHEET) await sheet(browser, mode, shots.slice(at, at + PER_SHEET), join(folder, `${mode.name}-${at / PER_SHEET + 1}.png`))
      process.stdout.write(`${mode.name}: ${shots.length} pictures\n`)
    }
  }
  finally {
    await browser.close()
    await app.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

await main()
