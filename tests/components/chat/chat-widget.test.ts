import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { h, type VNode } from 'vue'
import { createChatServer, refusal, type ChatServer } from '../../support/chat-server'
import ChatReply, { hasMarks, loadRich } from '~/components/chat/ChatReply'
import ChatText from '~/components/chat/ChatText'
import ChatWidget from '~/components/chat/ChatWidget.vue'
import { useChatStore } from '~/stores/chat'

let server: ChatServer

/** As any page could: no Nuxt, no router, the API behind `fetch`. */
async function mountWidget(props: Partial<InstanceType<typeof ChatWidget>['$props']> = {}): Promise<VueWrapper> {
  const wrapper = mount(ChatWidget, { props: { apiBaseUrl: '/api/chatbot', customerId: 'anna', conversationId: null, ...props }, attachTo: document.body })
  await vi.waitFor(() => wrapper.get('.vb-launcher'))
  return wrapper
}

async function openPanel(wrapper: VueWrapper) {
  await wrapper.get('.vb-launcher').trigger('click')
  await flushPromises()
  return wrapper.get('[role="dialog"]')
}

const shown = (check: () => void) => vi.waitFor(check, { timeout: 3000, interval: 10 })

beforeEach(() => {
  server = createChatServer()
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => server.transport(url, init))
  return () => vi.unstubAllGlobals()
})

describe('ChatWidget', () => {
  it('works without Nuxt: sends, shows the reply, and tells its host', async () => {
    const wrapper = await mountWidget()
    const panel = await openPanel(wrapper)
    await panel.get('textarea').setValue('Hello')
    await panel.get('form.vb-composer').trigger('submit')
    expect(panel.get('[role="log"]').text()).toContain('Hello')
    await shown(() => expect(panel.get('[role="log"]').text()).toContain('You said: Hello'))
    const question = server.active()!.messages[0]!
    expect(wrapper.emitted('message-sent')).toEqual([[{ messageId: question.id, text: 'Hello' }]])

    await panel.get('[aria-label="Helpful"]').trigger('click')
    expect(panel.get('[aria-label="Helpful"]').attributes('aria-pressed')).toBe('true')
    await shown(() => expect(wrapper.emitted('feedback-submitted')).toEqual([[{ messageId: server.active()!.messages[1]!.id, value: 'up' }]]))
  })

  it('shows the conversation it was given', async () => {
    const conversation = server.begin([{ sender: 'customer', text: 'From before' }])
    const wrapper = await mountWidget({ conversationId: conversation.id })
    const panel = await openPanel(wrapper)
    await shown(() => expect(panel.get('[role="log"]').text()).toContain('From before'))
    expect(server.count('GET', /^\/conversations$/)).toBe(0)
  })

  it('sends on Enter, breaks the line on Shift+Enter, and leaves an input method its Enter', async () => {
    const panel = await openPanel(await mountWidget())
    const field = panel.get('textarea')
    await field.setValue('Hello')
    await field.trigger('keydown', { key: 'Enter', shiftKey: true })
    await field.trigger('keydown', { key: 'Enter', isComposing: true })
    expect(useChatStore().outbox).toEqual([])
    await field.trigger('keydown', { key: 'Enter' })
    expect((field.element as HTMLTextAreaElement).value).toBe('')
    await shown(() => expect(useChatStore().messages).toHaveLength(2))
  })

  it('counts down near 2,000 characters as the server counts them, and keeps a longer text', async () => {
    const panel = await openPanel(await mountWidget())
    const field = panel.get('textarea')
    await field.setValue('👰'.repeat(1999))
    expect(panel.text()).toContain('1 character left')
    await field.setValue('👰'.repeat(2001))
    expect(panel.get('[role="alert"]').text()).toBe('1 character too many')
    await panel.get('form.vb-composer').trigger('submit')
    expect([...(field.element as HTMLTextAreaElement).value]).toHaveLength(2001)
    expect(server.count('POST', /messages/)).toBe(0)
  })

  it('tells a failed rating and shows it as it was', async () => {
    const panel = await openPanel(await mountWidget())
    useChatStore().send('Hello')
    await shown(() => panel.get('[aria-label="Not helpful"]'))
    server.failNext('POST', /feedback/, () => refusal(500, 'INTERNAL_ERROR'))
    await panel.get('[aria-label="Not helpful"]').trigger('click')
    await shown(() => expect(panel.get('.vb-feedback [role="alert"]').text()).toContain('could not be saved'))
    expect(panel.get('[aria-label="Not helpful"]').attributes('aria-pressed')).toBe('false')
  })

  it('asks what was missing after a thumbs down, and takes a second press back', async () => {
    const panel = await openPanel(await mountWidget())
    useChatStore().send('Hello')
    await shown(() => panel.get('[aria-label="Not helpful"]'))
    await panel.get('[aria-label="Not helpful"]').trigger('click')
    await shown(() => panel.get('.vb-missing textarea'))
    await panel.get('.vb-missing textarea').setValue('Prices for children')
    await panel.get('.vb-missing').trigger('submit')
    await shown(() => expect(panel.get('.vb-feedback [role="status"]').text()).toBe('Thank you. The team will read it.'))
    await shown(() => expect(server.active()!.messages[1]!.feedback).toMatchObject({ value: 'down', comment: 'Prices for children' }))
    await panel.get('[aria-label="Not helpful"]').trigger('click')
    await shown(() => expect(server.active()!.messages[1]!.feedback).toBeUndefined())
  })

  it('offers what the bot was torn between, and sends the pick with its FAQ', async () => {
    server.begin([{ sender: 'customer', text: 'dogs' }, { text: 'Did you mean one of these?', suggestions: [{ faq_id: server.faqs[1]!.id, question: server.faqs[1]!.question }] }])
    const panel = await openPanel(await mountWidget())
    await shown(() => panel.get('.vb-suggestions button'))
    await panel.get('.vb-suggestions button').trigger('click')
    await shown(() => expect(server.calls.find(call => call.path === '/messages')?.body).toMatchObject({ faq_id: server.faqs[1]!.id, message_text: 'Can we bring a dog?' }))
  })

  it('offers a new conversation where the old one is closed', async () => {
    const conversation = server.begin([{ text: 'Old' }])
    const panel = await openPanel(await mountWidget())
    await shown(() => expect(panel.text()).toContain('Old'))
    conversation.status = 'closed'
    useChatStore().send('Hello')
    await shown(() => expect(panel.text()).toContain('Not sent: this conversation is closed.'))
    await panel.findAll('button').find(button => button.text() === 'Send in a new conversation')!.trigger('click')
    await shown(() => expect(panel.text()).toContain('You said: Hello'))
  })

  it('keeps the text and offers to sign in when the session has ended', async () => {
    server.failNext('POST', /messages/, () => refusal(401, 'NOT_AUTHENTICATED'))
    const wrapper = await mountWidget()
    const panel = await openPanel(wrapper)
    useChatStore().send('Hello')
    await shown(() => expect(panel.get('.vb-notices [role="alert"]').text()).toContain('sign in again'))
    expect(panel.text()).toContain('Will be sent when you have signed in again')
    const link = panel.get('.vb-notices a')
    expect(link.attributes('href')).toMatch(/^\/sign-in\?redirect=/)
    link.element.addEventListener('click', event => event.preventDefault())
    await link.trigger('click')
    expect(wrapper.emitted('sign-in')).toHaveLength(1)
  })

  it('says when a person is back, where one can be asked for and while one is awaited', async () => {
    server.config.away_until = new Date(Date.now() + 3_600_000).toISOString()
    server.begin([{ text: 'Not sure.', source: 'fallback' }])
    const panel = await openPanel(await mountWidget())
    await shown(() => expect(panel.get('[data-row]').text()).toMatch(/talk to a person.*Our planners are away just now\. Back: \w+/))
    expect(panel.get('.vb-header').text()).not.toContain('away')
    useChatStore().handling = 'waiting'
    await shown(() => expect(panel.get('.vb-header').text()).toContain('Our planners are away just now'))
    expect(panel.get('[data-row]').text()).not.toContain('away')
  })

  it('offers a person under the newest reply only', async () => {
    server.begin([{ text: 'Not sure.', source: 'fallback' }, { sender: 'customer', text: 'And dogs?' }, { text: 'Not sure either.', source: 'fallback' }])
    const panel = await openPanel(await mountWidget())
    await shown(() => expect(panel.findAll('[data-row]').map(row => row.text().includes('talk to a person'))).toEqual([false, false, true]))
  })

  it('says nothing of it while somebody answers', async () => {
    server.config.away_until = new Date(Date.now() - 1000).toISOString()
    server.begin([{ text: 'Not sure.', source: 'fallback' }])
    const panel = await openPanel(await mountWidget())
    await shown(() => expect(panel.text()).toContain('talk to a person'))
    expect(panel.text()).not.toContain('away')
  })

  it('speaks Greek on a Greek page', async () => {
    const wrapper = await mountWidget({ language: 'el-GR' })
    expect(wrapper.get('.vb-launcher').attributes('aria-label')).toBe('Συνομιλία με VasiliasBot')
    expect((await openPanel(wrapper)).get('textarea').attributes('placeholder')).toBe('Ρωτήστε μας εδώ')
  })

  it('takes the planner\'s accent and gives it a text that can be read', async () => {
    server.config.accent_color = '#102040'
    const wrapper = await mountWidget()
    await openPanel(wrapper)
    await shown(() => expect(wrapper.get('.vb').attributes('style')).toContain('--color-accent-text: #ffffff'))
  })

  it('puts the focus into the composer on opening and back to the button on Escape', async () => {
    const wrapper = await mountWidget()
    const panel = await openPanel(wrapper)
    expect(document.activeElement).toBe(panel.get('textarea').element)
    await panel.trigger('keydown', { key: 'Escape' })
    await flushPromises()
    expect(document.activeElement).toBe(wrapper.get('.vb-launcher').element)
  })
})

describe('a reply that tries to be more than text', () => {
  const corpus = [
    '<script>window.hacked = 1</script>', '<img src=x onerror="window.hacked = 1">', '<svg onload=window.hacked=1>', '<iframe srcdoc="<script>parent.hacked=1</script>">',
    '[click](javascript:window.hacked=1)', '[click](JaVaScRiPt:window.hacked=1)', '[click](java\tscript:window.hacked=1)', '[click](data:text/html;base64,PHNjcmlwdD4=)', '[click](vbscript:x)',
    '[click](  javascript:window.hacked=1  )', '[a](<javascript:window.hacked=1>)', '![x](javascript:window.hacked=1)', '![x](https://evil.example/x.png" onerror="window.hacked=1)',
    '[<img src=x onerror=window.hacked=1>](https://example.com)', '`<script>window.hacked=1</script>`', '```\n</code><script>window.hacked=1</script>\n```', '**<b onclick=window.hacked=1>x</b>**',
    '<a href="javascript:window.hacked=1">x</a>', '[x](//evil.example)', '[x](/\\evil.example)', 'https://example.com/"onmouseover="window.hacked=1', '&lt;script&gt;window.hacked=1&lt;/script&gt;', '{{ constructor.constructor("window.hacked=1")() }}', '<style>*{display:none}</style>', '<form action=//evil.example><button>x', '\u202Ejavascript:window.hacked=1',
  ]

  it.each(corpus)('stays text: %s', async (source) => {
    server.begin([{ text: source, citations: [{ title: source, url: source }], suggestions: [{ faq_id: server.faqs[0]!.id, question: source }] }])
    const panel = await openPanel(await mountWidget())
    await shown(() => panel.get('[data-row]'))
    await loadRich()
    await flushPromises()
    const row = panel.get('[data-row]').element
    expect(row.querySelectorAll('script, img, iframe, style, form:not(.vb-missing), b, [onclick], [onerror], [onload], [srcdoc]')).toHaveLength(0)
    for (const link of row.querySelectorAll('a')) {
      expect(link.getAttribute('href')).toMatch(/^(?:https:\/\/example\.com|https:\/\/evil\.example\/x\.png|mailto:)/)
      expect(link.getAttribute('rel')).toContain('noopener')
    }
    expect((window as { hacked?: number }).hacked).toBeUndefined()
  })
})

describe('a reply without Markdown', () => {
  const plain = ['Yes.', 'One line\nand another', 'A paragraph.\n\nAnd a second one, with a colon: yes - or no.', 'Από 4.900 € έως 12.000 €, για 80 άτομα (και 10 παιδιά)!', 'You said: hello']

  it.each(plain)('is drawn without the parser as with it: %s', (text) => {
    expect(hasMarks(text)).toBe(false)
    const shape = (html: string) => html.replace(/ class="vb-typed"/g, '').replace(/<br>/g, '\n').replace(/^<div>|<\/div>$/g, '')
    const draw = (part: VNode) => shape(mount({ render: () => h('div', part) }).html({ raw: true }))
    expect(draw(h(ChatReply, { text }))).toBe(draw(h(ChatText, { text, follow: () => {} })))
  })

  it.each(['**bold**', 'an _aside_', '`code`', '[link](/x)', 'https://example.com', 'anna@example.com', '- one\n- two', 'First:\n1. one', '# Heading', '\\*'])('is not taken for one where there is some: %s', (text) => {
    expect(hasMarks(text)).toBe(true)
  })
})

describe('what is read out', () => {
  it('names each of several replies that come at once, without their marks', async () => {
    const conversation = server.begin([{ text: 'From before' }])
    const wrapper = await mountWidget()
    const panel = await openPanel(wrapper)
    await shown(() => expect(panel.text()).toContain('From before'))
    server.add(conversation, { text: 'The **first** reply.' })
    server.add(conversation, { text: 'The second one.', sender: 'agent' })
    useChatStore().pollNow()
    await shown(() => expect(wrapper.get('[data-chat-live]').text()).toBe('VasiliasBot: The first reply. Your planner: The second one.'))
  })
})

describe('what opens on demand', () => {
  const press = async (panel: Awaited<ReturnType<typeof openPanel>>, name: string) => {
    await shown(() => expect(panel.findAll('button').some(button => button.text() === name || button.attributes('aria-label') === name)).toBe(true))
    await panel.findAll('button').find(button => button.text() === name || button.attributes('aria-label') === name)!.trigger('click')
  }

  it('lists the past conversations, opens one to read, and leads back to the list and to the conversation', async () => {
    const old = server.begin([{ sender: 'customer', text: 'An old question' }, { text: 'An old reply' }])
    old.status = 'closed'
    const panel = await openPanel(await mountWidget())
    await press(panel, 'More options')
    await press(panel, 'Earlier conversations')
    await shown(() => expect(panel.text()).toContain('2 messages'))
    await panel.get('.vb-list button').trigger('click')
    await shown(() => expect(panel.get('[role="log"]').text()).toContain('An old reply'))
    expect(panel.text()).toContain('to read only')
    await press(panel, 'Earlier conversations')
    await shown(() => expect(panel.text()).toContain('2 messages'))
    await press(panel, 'Back to the conversation')
    await shown(() => panel.get('form.vb-composer'))
  })

  it('deletes all chat data after asking, here and on the server', async () => {
    const panel = await openPanel(await mountWidget())
    useChatStore().send('Hello')
    await shown(() => expect(panel.text()).toContain('You said: Hello'))
    await press(panel, 'More options')
    await press(panel, 'Delete my chat data')
    expect(server.conversations).toHaveLength(1)
    await press(panel, 'Delete everything')
    await shown(() => expect(panel.text()).toContain('Questions people ask'))
    expect([server.conversations, useChatStore().messages]).toEqual([[], []])
  })

  it('finds a question as one types, and sends the pick', async () => {
    const panel = await openPanel(await mountWidget())
    await press(panel, 'Questions people ask')
    await shown(() => expect(document.activeElement).toBe(panel.get('input[type="search"]').element))
    await panel.get('input[type="search"]').setValue('helicopter')
    expect(panel.text()).toContain('No question matches')
    await panel.get('input[type="search"]').setValue('DOG')
    await press(panel, 'Can we bring a dog?')
    await shown(() => expect(panel.get('[role="log"]').text()).toContain('You said: Can we bring a dog?'))
  })
})
