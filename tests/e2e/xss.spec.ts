import type { APIRequestContext, BrowserContext, Page } from '@playwright/test'
import { chatOn } from '../support/chat-page'
import { apiAs, expect, hydrated, register, signIn, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'
import { rag, startRagServer } from '../support/rag-server'
import { packed, xssCorpus } from '../support/xss-corpus'

test.setTimeout(150_000)

const singles = xssCorpus.filter(({ way }) => way === 'as it is').map(({ text }) => text)
const MARK = '**drawn to the end**'

/** Watches every page of a context for a sign that a text has become code, loaded something, or was kept from it by the CSP only. */
async function watchFor(context: BrowserContext, origin: string, signs: string[]) {
  await context.addInitScript(() => {
    Object.assign(window, { __xss: (n: number) => window.console.error(`payload ${n} ran`) })
    document.addEventListener('securitypolicyviolation', event => window.console.error(`CSP kept ${event.blockedURI} (${event.effectiveDirective}) from ${event.sourceFile}`))
  })
  context.on('console', (message) => {
    if (message.type() === 'error') signs.push(message.text())
  })
  context.on('dialog', (dialog) => {
    signs.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('weberror', error => signs.push(`uncaught: ${error.error().message}`))
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !/^(?:data|blob|about):/.test(request.url())) signs.push(`a request to ${request.url()}`)
  })
}

/** Elements and attributes that our pages never have and a payload would make, run or not. */
const planted = (page: Page) => page.evaluate(() => {
  const wrong: string[] = []
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName
    const handlers = element.getAttributeNames().filter(attribute => /^on/i.test(attribute))
    const address = ['href', 'src', 'action', 'formaction', 'data', 'srcset', 'xlink:href'].map(attribute => element.getAttribute(attribute)).find(value => value && (/^\W*(?:java|vb)script|^data:text/i.test(value) || /^(?:https?:)?\/\/evil/i.test(value)))
    const isStranger = ['iframe', 'object', 'embed', 'base', 'math', 'marquee', 'animate', 'audio', 'video'].includes(name) || ['__NUXT__', 'x'].includes(element.id)
    const isScript = name === 'script' && !/json/.test(element.getAttribute('type') ?? '') && element.textContent!.includes('__xss(')
    if (handlers.length || address || isStranger || isScript) wrong.push(element.outerHTML.slice(0, 200))
  }
  return wrong
})

async function judge(page: Page, signs: string[], where: string) {
  expect(await planted(page), `elements made of texts on ${where}`).toEqual([])
  expect(signs, `on ${where}`).toEqual([])
}

/** Asks what no FAQ knows; gives the reply. */
async function ask(api: APIRequestContext, message: Record<string, unknown>): Promise<{ message_id: string, conversation_id: string, source: string, text: string }> {
  const answer = await api.post('/api/chatbot/messages', { data: message })
  expect(answer.status(), await answer.text()).toBe(200)
  return answer.json()
}

const put = async (api: APIRequestContext, fields: Record<string, unknown>) => {
  const { version } = await (await api.get('/api/admin/config')).json()
  const answer = await api.put('/api/admin/config', { data: { version, ...fields } })
  expect(answer.status(), await answer.text()).toBe(200)
}

test('of 300 texts that try to become code, none does: in the chat, the account and the back office', async ({ ownServer, browser, context, page }) => {
  expect(xssCorpus.length).toBeGreaterThanOrEqual(300)
  const origin = await ownServer.start()
  const signs: string[] = []
  await watchFor(context, origin, signs)
  const admin = await apiAs(ADMIN, origin)

  // Every payload as an answer, and as the title and the address of a source.
  const service = await startRagServer()
  const answers = packed(7_000).map(text => `${text}\n\n${MARK}`)
  const sources = (from: number) => xssCorpus.slice(from, from + 10).map(({ text, n }) => ({ title: text, url: n % 2 ? `https://ok.example/${text}` : text.replace(/^[^j]*(?=javascript:)/i, '') }))
  await put(admin, { rag_api_url: service.url, greeting: packed(490)[0]!, fallback_message: packed(900).at(-1)!, rag_system_prompt: packed(3_900)[0]! })

  // Nothing but the RAG service has an answer to these questions.
  for (const { id } of (await (await admin.get('/api/admin/faqs?limit=100')).json() as { items: { id: string }[] }).items) expect((await admin.delete(`/api/admin/faqs/${id}`)).status()).toBeLessThan(300)

  const asker = { ...await register(context.request, origin), name: singles[1]! }
  const askerApi = await apiAs(asker, origin)
  expect((await askerApi.patch('/api/account/profile', { data: { name: asker.name } })).status()).toBe(200)
  const questions = packed(1_900)
  const comments = packed(990)
  let conversation = ''
  for (const [n, text] of questions.entries()) {
    service.always(rag.answer(answers[n % answers.length]!, sources(n * 38)))
    const reply = await ask(askerApi, { message_text: `zxqv brimble ${n}\n\n${text}` })
    expect(reply.source, JSON.stringify(reply.text.slice(0, 200))).toBe('rag')
    conversation = reply.conversation_id
    expect((await askerApi.post('/api/chatbot/feedback', { data: { message_id: reply.message_id, value: 'down', comment: comments[n % comments.length] } })).status()).toBe(200)
  }

  // Single payloads that nobody answers: the back office lists them one by one.
  service.always(rag.status(404))
  const nobody = await apiAs(await register(context.request, origin), origin)
  for (const text of singles.slice(0, 30)) await ask(nobody, { message_text: text })
  for (const text of singles.slice(30, 50)) expect((await nobody.patch('/api/account/profile', { data: { name: text.slice(0, 100) } })).status()).toBe(200)
  for (const name of singles.filter(text => text.length <= 100).slice(0, 12)) {
    const person = await register(context.request, origin)
    expect((await (await apiAs(person, origin)).patch('/api/account/profile', { data: { name } })).status()).toBe(200)
  }

  // A file to import: previewed, stored, listed, opened.
  await signIn(context, ADMIN, origin)
  const visit = async (path: string, shown: string) => {
    await page.goto(origin + path)
    await hydrated(page)
    await expect(page.getByRole('main').getByText(shown).first()).toBeVisible()
  }
  const faqAnswers = packed(3_900).map(text => `${text}\n\n${MARK}`)
  const rows = packed(280).map((question, n) => ({ question, answer: faqAnswers[n % faqAnswers.length], phrasings: [singles[n % singles.length]], is_active: true, order: n }))
  await page.goto(`${origin}/admin/faqs/import`)
  await hydrated(page)
  await page.locator('input[type=file]').setInputFiles({ name: `${singles[6]!.replaceAll('/', '')}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(rows)) })
  await page.getByRole('button', { name: `Add ${rows.length} FAQs` }).click()
  await expect(page.getByRole('heading', { name: 'Imported' })).toBeVisible()
  await judge(page, signs, 'the import')

  const faqs = await (await admin.get('/api/admin/faqs?limit=100')).json() as { items: { id: string, question: string }[] }
  const picker = await register(context.request, origin, 'Picker')
  const pickerApi = await apiAs(picker, origin)
  const imported = faqs.items.filter(faq => rows.some(row => row.question === faq.question))
  expect(imported.length).toBeGreaterThan(faqAnswers.length)
  for (const faq of imported.slice(0, 8)) expect((await ask(pickerApi, { message_text: faq.question, faq_id: faq.id })).source).toBe('faq')

  for (const [path, shown] of [
    [`/admin/conversations/${conversation}`, '<script>'], ['/admin/conversations', '<'], ['/admin/feedback', 'onerror'], ['/admin/unanswered', '<script'],
    ['/admin/people', '<'], ['/admin/audit', '<'], ['/admin/faqs', '<'], [`/admin/faqs/${imported[0]!.id}`, 'Question'], ['/admin/settings', 'Greeting'], ['/admin', 'Overview'],
    [`/admin/try?q=${encodeURIComponent(questions[0]!.slice(0, 400))}`, 'Try'],
  ] as const) {
    await visit(path, shown)
    await page.waitForLoadState('networkidle')
    await judge(page, signs, path)
  }

  // The customers' own pages: asked and answered by the RAG service, and answered from FAQs.
  for (const [account, drawn] of [[asker, questions.length], [picker, 8]] as const) {
    const theirs = await browser.newContext({ reducedMotion: 'reduce' })
    await watchFor(theirs, origin, signs)
    await signIn(theirs, account, origin)
    const own = await theirs.newPage()
    await own.goto(`${origin}/account`)
    await hydrated(own)
    await judge(own, signs, 'the account')
    await own.goto(`${origin}/`)
    await hydrated(own)
    const chat = chatOn(own)
    await chat.open()
    await expect(chat.log.locator('strong', { hasText: 'drawn to the end' })).toHaveCount(drawn)
    await own.waitForLoadState('networkidle')
    await judge(own, signs, `the chat of ${account.email}`)
    // What was written stands there to be read.
    await expect(chat.log).toContainText('<script>__xss(1)</script>')
    await theirs.close()
  }
  await service.stop()
})

test('a text that did become code would be noticed', async ({ context, page, baseURL, allowConsole }) => {
  allowConsole(/./)
  const signs: string[] = []
  await watchFor(context, baseURL!, signs)
  await page.goto('/')
  await hydrated(page)
  // One by one: an open comment would swallow the rest. A refresh would leave the page before it is judged.
  await page.evaluate(texts => texts.forEach(html => document.body.insertAdjacentHTML('beforeend', html)), singles.filter(text => !text.startsWith('<meta')))
  await expect.poll(() => signs.filter(sign => sign.startsWith('CSP kept')).length).toBeGreaterThan(5)
  expect((await planted(page)).length).toBeGreaterThan(20)
  await page.evaluate(() => (window as unknown as { __xss: (n: number) => void }).__xss(7))
  await expect.poll(() => signs).toContain('payload 7 ran')
})

test('the API’s document can be read under its own policy, and is served', async ({ context, page, baseURL }) => {
  const signs: string[] = []
  await watchFor(context, baseURL!, signs)
  const answer = await page.goto('/api-docs')
  expect(answer!.status()).toBe(200)
  const policy = answer!.headers()['content-security-policy']!
  expect(policy).toContain('default-src \'none\'')
  expect(policy).not.toContain('script-src')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily), 'its own styles apply').not.toBe('Times New Roman')
  await judge(page, signs, '/api-docs')
  const served = await context.request.get('/api/openapi.json')
  expect(served.status()).toBe(200)
  expect(await served.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
})
