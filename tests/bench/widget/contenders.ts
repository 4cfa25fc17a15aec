/** The other widgets, embedded as their own documentation does it. */
export interface Contender {
  name: string
  version: string
  /**
   * The page's script. `chatHistory` is the same conversation that ours has: `{ text, mine }[]`. Must leave a button
   * `[data-bench-open]`: its own where it has one, else one of the bench's that puts the chat into the page.
   */
  module: string
}

/** None of them puts the focus into its composer when it opens, so the bench does, as soon as there is one. */
const focusSoon = `
  const focusSoon = (find) => {
    const field = find()
    field?.focus()
    if (!field || field.getRootNode().activeElement !== field) requestAnimationFrame(() => focusSoon(find))
  }`

const button = (open: string) => `${focusSoon}
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Chat' })
  button.style.cssText = 'position:fixed;right:1rem;bottom:1rem;width:4rem;height:4rem;z-index:2147483647'
  button.dataset.benchOpen = ''
  button.addEventListener('click', () => {
    button.style.display = 'none'
    const place = document.body.appendChild(document.createElement('div'))
    place.style.cssText = 'position:fixed;right:1rem;bottom:1rem;width:384px;height:600px;z-index:2147483646;background:#fff'
    ${open}
  }, { once: true })
  document.body.append(button)`

export const contenders: Contender[] = [
  {
    name: 'deep-chat',
    version: '2.4.2',
    module: `import 'deep-chat/dist/deepChat.bundle.js'
      ${button(`const chat = document.createElement('deep-chat')
        chat.style.cssText = 'display:block;width:384px;height:600px'
        chat.history = chatHistory.map(({ text, mine }) => ({ text, role: mine ? 'user' : 'ai' }))
        chat.connect = { url: '/bench/nothing' }
        place.append(chat)
        focusSoon(() => chat.shadowRoot?.querySelector('#text-input'))`)}`,
  },
  {
    name: '@n8n/chat',
    version: '1.37.0',
    module: `import '@n8n/chat/dist/style.css'
      import { createChat } from '@n8n/chat/dist/chat.bundle.es.js'
      ${focusSoon}
      createChat({ webhookUrl: '/bench/n8n', loadPreviousSession: true, initialMessages: [] })
      const look = () => {
        const toggle = document.querySelector('.chat-window-toggle')
        if (!toggle) return requestAnimationFrame(look)
        toggle.dataset.benchOpen = ''
        toggle.addEventListener('click', () => focusSoon(() => document.querySelector('.chat-window textarea')), { once: true })
      }
      look()`,
  },
  {
    name: 'vue-advanced-chat',
    version: '2.1.2',
    module: `import { register } from 'vue-advanced-chat/dist/vue-advanced-chat.es.js'
      register()
      ${button(`const chat = document.createElement('vue-advanced-chat')
        const users = [{ _id: 'me', username: 'Me' }, { _id: 'bot', username: 'Bot' }]
        Object.assign(chat, { currentUserId: 'me', height: '600px', roomsLoaded: true, messagesLoaded: true, singleRoom: true, rooms: [{ roomId: '1', roomName: 'Bot', avatar: '', users }], roomId: '1' })
        chat.addEventListener('fetch-messages', () => setTimeout(() => {
          chat.messages = chatHistory.map(({ text, mine }, index) => ({ _id: String(index), indexId: index, content: text, senderId: mine ? 'me' : 'bot', username: '', date: '1 May', timestamp: '10:00' }))
        }))
        place.append(chat)
        focusSoon(() => chat.shadowRoot?.querySelector('textarea'))`)}`,
  },
]
