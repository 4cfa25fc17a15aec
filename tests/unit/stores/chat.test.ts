// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createChatServer, refusal, type ChatServer } from '../../support/chat-server'
import { wipeChatCopies } from '~/composables/chat/wipe'
import { useChatStore } from '~/stores/chat'
import { useChatRecordsStore } from '~/stores/chat-records'

const ANNA = 'anna'
const BOB = 'bob'

let server: ChatServer
let store: ReturnType<typeof useChatStore>
const started: ReturnType<typeof useChatStore>[] = []

/** A page load: a new store on the same browser's storage. */
function load(customerId = ANNA, more: Partial<Parameters<ReturnType<typeof useChatStore>['start']>[0]> = {}) {
  setActivePinia(createPinia())
  store = useChatStore()
  started.push(store)
  store.start({ apiBaseUrl: '/api/chatbot', customerId, transport: server.transport, ...more })
  return store
}

function reload(customerId = ANNA) {
  store.stop()
  return load(customerId)
}

const until = <Value>(check: () => Value) => vi.waitFor(() => {
  const value = check()
  if (!value) throw new Error('Not yet')
  return value
}, { timeout: 4000, interval: 5 })

const texts = () => store.messages.map(message => message.text)
const lostConnection = () => new TypeError('Failed to fetch')
const setOnline = (online: boolean) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(online)
  window.dispatchEvent(new Event(online ? 'online' : 'offline'))
}
const setHidden = (hidden: boolean) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible')
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  localStorage.clear()
  server = createChatServer()
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const one of started.splice(0)) one.stop()
})

describe('sending', () => {
  it('shows a text at once, then puts the server\'s question and reply in its place', async () => {
    const sent: unknown[] = []
    load(ANNA, { onMessageSent: what => sent.push(what) })
    expect(store.send('  Hello  ')).toBe(true)
    expect(store.outbox.map(entry => entry.text)).toEqual(['Hello'])
    await until(() => store.messages.length === 2)
    expect(texts()).toEqual(['Hello', 'You said: Hello'])
    expect(store.outbox).toEqual([])
    expect(sent).toEqual([{ messageId: store.messages[0]!.id, text: 'Hello' }])
  })

  it('sends nothing for a text of spaces', () => {
    load()
    expect(store.send('  \n ')).toBe(false)
    expect(store.outbox).toEqual([])
  })

  it('keeps two equal texts apart, because they differ by client id', async () => {
    load()
    store.send('Same')
    store.send('Same')
    await until(() => store.messages.length === 4)
    expect(texts()).toEqual(['Same', 'You said: Same', 'Same', 'You said: Same'])
    expect(new Set(server.calls.filter(call => call.path === '/messages').map(call => call.body.client_message_id)).size).toBe(2)
  })

  it('sends in the order written, one after another', async () => {
    load()
    for (const text of ['one', 'two', 'three']) store.send(text)
    await until(() => store.messages.length === 6)
    expect(server.calls.filter(call => call.path === '/messages').map(call => call.body.message_text)).toEqual(['one', 'two', 'three'])
  })

  it('names the picked FAQ and the page, and says that a late reply is welcome', async () => {
    load()
    store.send('How much does it cost?', server.faqs[0]!.id)
    await until(() => store.messages.length === 2)
    expect(server.calls.find(call => call.path === '/messages')!.body).toMatchObject({ faq_id: server.faqs[0]!.id, page: '/', accept_pending: true })
  })

  it('keeps a late question pending (202) and takes its reply from a later poll', async () => {
    server.answer = () => null
    load()
    store.send('Difficult')
    await until(() => store.messages[0]?.pending)
    expect(store.isAwaiting).toBe(true)
    server.answerLate(server.active()!.messages[0]!, 'At last')
    await until(() => store.messages.length === 2)
    expect(store.messages[0]!.pending).toBeUndefined()
    expect(store.isAwaiting).toBe(false)
  })

  it('goes on to the next text once a poll shows that the server has the first, whose reply is still being made', async () => {
    load()
    store.open()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    let letGo = (_: Response) => {}
    server.failNext('POST', /^\/messages/, () => {
      server.add(server.active()!, { sender: 'customer', text: 'Slow', client_message_id: store.outbox[0]!.clientId, pending: true })
      return new Promise<Response>(resolve => (letGo = resolve))
    })
    store.send('Slow')
    store.send('Quick')
    await until(() => texts().includes('You said: Quick'))
    expect(texts()).toEqual(['Hello', 'You said: Hello', 'Slow', 'Quick', 'You said: Quick'])
    letGo(refusal(500, 'INTERNAL_ERROR'))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(store.outbox).toEqual([])
  })

  it('leaves a stored text on the screen until the poll brings what came before it', async () => {
    const conversation = server.begin([{ sender: 'customer', text: 'From the phone' }, { text: 'Hi' }])
    load()
    store.send('From here')
    expect(store.outbox).toHaveLength(1)
    await until(() => store.messages.length === 4)
    expect(store.conversationId).toBe(conversation.id)
    expect(texts()).toEqual(['From the phone', 'Hi', 'From here', 'You said: From here'])
    expect(store.outbox).toEqual([])
  })
})

describe('a send that fails', () => {
  it('goes on by itself when the network comes back, under the same client id', async () => {
    server.failNext('POST', /^\/messages/, lostConnection)
    load()
    store.send('Hello')
    await until(() => store.outbox[0]?.state === 'waiting')
    expect(store.outbox[0]!.reason).toBe('unreachable')
    window.dispatchEvent(new Event('online'))
    await until(() => store.messages.length === 2)
    const ids = server.calls.filter(call => call.path === '/messages').map(call => call.body.client_message_id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('is not repeated on the server when only the answer was lost', async () => {
    load()
    server.failNext('POST', /^\/messages/, () => {
      const conversation = server.begin()
      const question = server.add(conversation, { sender: 'customer', text: 'Hello', client_message_id: store.outbox[0]!.clientId })
      server.add(conversation, { text: 'Once', reply_to: question.id })
      return lostConnection()
    })
    store.send('Hello')
    await until(() => store.messages.length === 2)
    expect(texts()).toEqual(['Hello', 'Once'])
  })

  it('waits without asking the server while the browser is offline', async () => {
    load()
    setOnline(false)
    store.send('Hello')
    await until(() => store.outbox[0]?.reason === 'offline')
    expect(store.connection).toBe('offline')
    expect(server.count('POST', /messages/)).toBe(0)
    setOnline(true)
    await until(() => store.messages.length === 2)
    expect(store.connection).toBe('ok')
  })

  it('keeps everything when the session has ended, and goes on after signing in again', async () => {
    server.failNext('POST', /^\/messages/, () => refusal(401, 'NOT_AUTHENTICATED'))
    load()
    store.send('Hello')
    store.send('Still here')
    await until(() => store.signedOut)
    expect(store.outbox.map(entry => entry.text)).toEqual(['Hello', 'Still here'])
    expect(store.outbox[0]!.reason).toBe('signed-out')
    store.start({ apiBaseUrl: '/api/chatbot', customerId: ANNA, transport: server.transport })
    await until(() => store.messages.length === 4)
    expect(store.signedOut).toBe(false)
  })

  it('counts down what the server asks it to wait (429), and then sends', async () => {
    server.failNext('POST', /^\/messages/, () => refusal(429, 'RATE_LIMITED', { 'retry-after': '1' }))
    load()
    store.send('Hello')
    await until(() => store.heldUntil > Date.now())
    expect(store.outbox[0]!.reason).toBe('rate-limited')
    expect(server.count('POST', /messages/)).toBe(1)
    await until(() => store.messages.length === 2)
    expect(store.heldUntil).toBe(0)
  })

  it('says that the conversation is closed (409) and sends in a new one when asked', async () => {
    const old = server.begin([{ sender: 'customer', text: 'Old' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    old.status = 'closed'
    store.send('Hello')
    await until(() => store.outbox[0]?.state === 'failed')
    expect(store.outbox[0]!.reason).toBe('closed')
    expect(store.conversationStatus).toBe('closed')
    store.beginNew()
    await until(() => store.messages.length === 2)
    expect(texts()).toEqual(['Hello', 'You said: Hello'])
    expect(store.conversationId).not.toBe(old.id)
  })

  it('goes to the active conversation when its own is gone (404)', async () => {
    const old = server.begin([{ sender: 'customer', text: 'Old' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    store.close()
    server.conversations.splice(server.conversations.indexOf(old), 1)
    store.send('Hello')
    await until(() => texts().includes('You said: Hello'))
    expect(texts()).toEqual(['Hello', 'You said: Hello'])
  })

  it('shows the server\'s own sentence when it refuses the text (400), and sends the next', async () => {
    server.failNext('POST', /^\/messages/, () => refusal(400, 'VALIDATION_ERROR'))
    load()
    store.send('Bad')
    store.send('Good')
    await until(() => texts().includes('You said: Good'))
    expect(store.outbox).toMatchObject([{ text: 'Bad', state: 'failed', reason: 'refused', detail: 'Refused with VALIDATION_ERROR.' }])
    store.discard(store.outbox[0]!.clientId)
    expect(store.outbox).toEqual([])
    expect(localStorage.length).toBeGreaterThan(0)
    expect(Object.keys(localStorage).filter(key => key.includes(':out:'))).toEqual([])
  })

  it('tries a server error again and, when told, once more', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    for (let attempt = 0; attempt < 2; attempt++) server.failNext('POST', /^\/messages/, () => refusal(500, 'INTERNAL_ERROR'))
    load()
    store.send('Hello')
    await until(() => store.outbox[0]?.reason === 'unreachable')
    store.retry(store.outbox[0]!.clientId)
    await until(() => store.messages.length === 2)
    expect(server.count('POST', /^\/messages/)).toBe(3)
  })

  it('stays in the outbox over a reload and a crash, then is sent once', async () => {
    setOnline(false)
    load()
    store.send('Written in a tunnel')
    store.draft = 'Half a thought'
    window.dispatchEvent(new Event('pagehide'))
    reload()
    expect(store.outbox.map(entry => entry.text)).toEqual(['Written in a tunnel'])
    expect(store.draft).toBe('Half a thought')
    setOnline(true)
    await until(() => store.messages.length === 2)
    reload()
    expect(store.outbox).toEqual([])
    expect(server.active()!.messages.filter(message => message.sender === 'customer')).toHaveLength(1)
  })

  it('is kept in memory where the browser keeps nothing', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('Full', 'QuotaExceededError')
    })
    load()
    expect(store.send('Hello')).toBe(true)
    await until(() => store.messages.length === 2)
  })
})

describe('reading', () => {
  it('shows the kept history before the server has answered, then the server\'s truth', async () => {
    const conversation = server.begin([{ sender: 'customer', text: 'One' }, { text: 'Two' }])
    load()
    store.open()
    await until(() => store.messages.length === 2)
    server.add(conversation, { text: 'Three' })
    reload()
    expect(texts()).toEqual(['One', 'Two'])
    expect(store.isOpen).toBe(true)
    await until(() => store.messages.length === 3)
  })

  it('polls at its usual pace once the first message has begun a conversation', async () => {
    load()
    store.open()
    await until(() => server.count('GET', /^\/conversations$/))
    store.send('Hello')
    await until(() => store.messages.length === 2)
    server.add(server.active()!, { sender: 'agent', text: 'From the planner' })
    await until(() => texts().includes('From the planner'))
  })

  it('asks nothing while it is closed and nothing is pending', async () => {
    server.begin([{ text: 'Hello' }])
    load()
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(server.calls).toEqual([])
  })

  it('sends If-None-Match, so that an idle poll is a 304', async () => {
    server.begin([{ text: 'Hello' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    store.pollNow()
    await until(() => server.calls.filter(call => /messages/.test(call.path)).length >= 2)
    expect(server.calls.at(-1)!.headers.get('if-none-match')).toBe('"v2"')
  })

  it('sees a rating that was changed on another device', async () => {
    const conversation = server.begin([{ sender: 'customer', text: 'One' }, { text: 'Two' }])
    load()
    store.open()
    await until(() => store.messages.length === 2)
    conversation.messages[1]!.feedback = { id: 'f', value: 'down', comment: null }
    conversation.version++
    store.pollNow()
    await until(() => store.messages[1]!.feedback?.value === 'down')
  })

  it('starts over from the newest when it is too far behind', async () => {
    const conversation = server.begin([{ text: 'First' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    for (let index = 0; index < 300; index++) server.add(conversation, { text: `Message ${index}` })
    store.pollNow()
    await until(() => store.messages.at(-1)?.seq === 301)
    expect(store.messages).toHaveLength(50)
    expect(store.hasEarlier).toBe(true)
    await store.loadEarlier()
    expect(store.messages).toHaveLength(100)
    expect(store.messages.map(message => message.seq)).toEqual(Array.from({ length: 100 }, (_, index) => 202 + index))
  })

  it('polls at the server\'s pace and stops while the page is hidden', async () => {
    server.begin([{ text: 'Hello' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    setHidden(true)
    const before = server.calls.length
    await new Promise(resolve => setTimeout(resolve, 700))
    expect(server.calls.length).toBe(before)
    setHidden(false)
    await until(() => server.calls.length > before)
  })

  it('says that the server is out of reach after two failures, and takes it back', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    server.begin([{ text: 'Hello' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    server.failNext('GET', /messages/, lostConnection)
    server.failNext('GET', /messages/, lostConnection)
    store.pollNow()
    await until(() => store.connection === 'unreachable')
    await until(() => store.connection === 'ok')
  })

  it('finds that the conversation was closed elsewhere, and follows to the new one', async () => {
    const old = server.begin([{ text: 'Old' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    old.status = 'closed'
    old.version++
    store.pollNow()
    await until(() => store.conversationStatus === 'closed')
    server.begin([{ text: 'New' }])
    store.pollNow()
    await until(() => texts()[0] === 'New')
    expect(store.conversationStatus).toBe('active')
  })

  it('counts the replies that came while it was closed, until it is opened', async () => {
    server.answer = () => null
    load()
    store.open()
    store.send('Difficult')
    await until(() => store.messages[0]?.pending)
    store.close()
    server.answerLate(server.active()!.messages[0]!, 'At last')
    await until(() => store.unread === 1)
    reload()
    expect(store.unread).toBe(1)
    store.open()
    await until(() => store.unread === 0)
    store.close()
    expect(store.unread).toBe(0)
  })

  it('announces only replies that came while it was looking', async () => {
    server.begin([{ text: 'Long ago' }])
    load()
    store.open()
    await until(() => store.messages.length === 1)
    expect(store.arrivals).toEqual([])
    store.send('Hello')
    await until(() => store.arrivals.length)
    expect(store.arrivals.map(message => message.text)).toEqual(['You said: Hello'])
  })
})

describe('rating', () => {
  async function withReply() {
    load()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    return store.messages[1]!.id
  }

  it('shows a thumb at once and tells the host when the server has it', async () => {
    const told: unknown[] = []
    load(ANNA, { onFeedback: what => told.push(what) })
    store.send('Hello')
    await until(() => store.messages.length === 2)
    const id = store.messages[1]!.id
    const rating = store.rate(id, 'up')
    expect(store.ratings[id]).toMatchObject({ value: 'up', failed: false })
    await rating
    expect(store.ratings[id]).toBeUndefined()
    expect(store.messages[1]!.feedback).toMatchObject({ value: 'up' })
    expect(told).toEqual([{ messageId: id, value: 'up' }])
  })

  it('sends quick changes of mind in order, and ends with the last', async () => {
    const id = await withReply()
    void store.rate(id, 'up')
    void store.rate(id, 'down')
    await store.rate(id, null)
    await until(() => !store.ratings[id])
    expect(server.calls.filter(call => call.path === '/feedback').map(call => call.body.value)).toEqual(['up', null])
    expect(store.messages[1]!.feedback).toBeUndefined()
  })

  it('goes back to what it was when the server refuses', async () => {
    const id = await withReply()
    await store.rate(id, 'up')
    server.failNext('POST', /feedback/, () => refusal(500, 'INTERNAL_ERROR'))
    await store.rate(id, 'down')
    expect(store.ratings[id]).toEqual({ value: 'up', comment: null, failed: true })
  })

  it('sends what was missing with the thumb', async () => {
    const id = await withReply()
    await store.rate(id, 'down', 'The price for children')
    expect(server.calls.at(-1)!.body).toEqual({ message_id: id, value: 'down', comment: 'The price for children' })
  })

  it('is still there after a reload', async () => {
    const id = await withReply()
    await store.rate(id, 'up')
    reload()
    expect(store.messages.find(message => message.id === id)?.feedback?.value).toBe('up')
  })
})

describe('one computer, several people and tabs', () => {
  it('shows another customer nothing of the last one, not even for a moment', async () => {
    load()
    store.open()
    store.send('Anna\'s secret')
    await until(() => store.messages.length === 2)
    store.draft = 'Anna\'s draft'
    store.stop()
    load(BOB)
    expect(store.messages).toEqual([])
    expect(store.draft).toBe('')
    expect(store.isOpen).toBe(false)
    expect(JSON.stringify(localStorage)).not.toContain('Anna')
  })

  it('keeps an unsent text of the last customer for them, and does not send it as somebody else\'s', async () => {
    setOnline(false)
    load()
    store.send('Anna\'s question')
    store.stop()
    setOnline(true)
    load(BOB)
    expect(store.outbox).toEqual([])
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(server.count('POST', /messages/)).toBe(0)
    reload(ANNA)
    await until(() => texts().includes('Anna\'s question'))
  })

  it('leaves nothing in the browser at sign-out', async () => {
    load()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    store.signOut()
    expect(store.messages).toEqual([])
    expect(localStorage.length).toBe(0)
  })

  it('is empty in this tab when another signs out', async () => {
    let left = 0
    load(ANNA, { onLeft: () => left++ })
    store.open()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    wipeChatCopies()
    window.dispatchEvent(new StorageEvent('storage', { key: 'vasiliasbot:owner', newValue: null }))
    expect(store.messages).toEqual([])
    expect(store.isOpen).toBe(false)
    expect(left).toBe(1)
    window.dispatchEvent(new Event('pagehide'))
    expect(localStorage.length).toBe(0)
  })

  it('takes over what another tab wrote to the outbox', async () => {
    load()
    setHidden(true)
    const other = server
    setOnline(false)
    store.send('From the other tab')
    const [key, value] = Object.entries(localStorage).find(([name]) => name.includes(':out:'))!
    store.discard(store.outbox[0]!.clientId)
    localStorage.setItem(key, value)
    setOnline(true)
    setHidden(false)
    window.dispatchEvent(new StorageEvent('storage', { key, newValue: value }))
    await until(() => texts().includes('From the other tab'))
    expect(other.count('POST', /^\/messages/)).toBe(1)
  })
})

describe('conversations', () => {
  it('closes the conversation and begins an empty one', async () => {
    load()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    await useChatRecordsStore().newConversation()
    expect(store.isEmpty).toBe(true)
    expect(server.active()).toBeUndefined()
    store.send('Again')
    await until(() => store.messages.length === 2)
    expect(server.conversations).toHaveLength(2)
  })

  it('stays where it is when the server does not close it', async () => {
    load()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    server.failNext('POST', /close/, () => refusal(500, 'INTERNAL_ERROR'))
    await expect(useChatRecordsStore().newConversation()).rejects.toThrow('Refused')
    expect(store.messages).toHaveLength(2)
  })

  it('opens an earlier conversation beside the current one', async () => {
    const old = server.begin([{ sender: 'customer', text: 'Old' }, { text: 'Reply' }])
    old.status = 'closed'
    load()
    expect(await useChatRecordsStore().listPast()).toMatchObject([{ id: old.id }])
    await useChatRecordsStore().openArchive(old.id)
    expect(store.archive?.messages.map(message => message.text)).toEqual(['Old', 'Reply'])
    expect(store.messages).toEqual([])
    store.closeArchive()
    expect(store.archive).toBeNull()
  })

  it('passes on that e-mail is not configured', async () => {
    load()
    store.send('Hello')
    await until(() => store.messages.length === 2)
    await expect(useChatRecordsStore().emailTranscript()).rejects.toMatchObject({ status: 503 })
  })

  it('asks to sign in again when a poll says the session has ended', async () => {
    server.begin([{ text: 'Hello' }])
    server.failNext('GET', /conversations/, () => refusal(401, 'NOT_AUTHENTICATED'))
    load()
    store.open()
    await until(() => store.signedOut)
    const before = server.calls.length
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(server.calls.length).toBe(before)
  })
})
