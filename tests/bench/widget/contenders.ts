/** The other widgets, as their own documentation embeds them: the package, what the page loads, and how it is opened with the same history. */
export interface Contender {
  name: string
  package: string
  /** The page's module; `messages` is the history: `{ text, mine }[]`. */
  module: string
}

export const contenders: Contender[] = [
  {
    name: 'deep-chat',
    package: 'deep-chat@2.4.2',
    module: `import '/deep-chat/dist/deepChat.bundle.js'
      window.isReady = () => Boolean(customElements.get('deep-chat'))
      window.show = () => {
        const chat = document.createElement('deep-chat')
        chat.history = messages.map(({ text, mine }) => ({ text, role: mine ? 'user' : 'ai' }))
        chat.connect = { url: '/none' }
        document.body.append(chat)
      }`,
  },
  {
    name: '@n8n/chat',
    package: '@n8n/chat@1.37.0',
    module: `import { createChat } from '/n8n-chat/dist/chat.bundle.es.js'
      const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/n8n-chat/dist/style.css' })
      document.head.append(style)
      createChat({ webhookUrl: '/n8n', loadPreviousSession: true, initialMessages: [] })
      window.isReady = () => document.querySelector('.chat-window-toggle') !== null
      window.show = () => document.querySelector('.chat-window-toggle').click()`,
  },
  {
    name: 'vue-advanced-chat',
    package: 'vue-advanced-chat@2.1.2',
    module: `import { register } from '/vue-advanced-chat/dist/vue-advanced-chat.es.js'
      register()
      window.isReady = () => Boolean(customElements.get('vue-advanced-chat'))
      window.show = () => {
        const chat = document.createElement('vue-advanced-chat')
        chat.currentUserId = 'me'
        chat.height = '600px'
        chat.roomsLoaded = true
        chat.messagesLoaded = true
        chat.singleRoom = true
        const users = [{ _id: 'me', username: 'Me' }, { _id: 'bot', username: 'Bot' }]
        chat.rooms = [{ roomId: '1', roomName: 'Bot', avatar: '', users }]
        chat.roomId = '1'
        chat.addEventListener('fetch-messages', () => setTimeout(() => {
          chat.messages = messages.map(({ text, mine }, index) => ({ _id: String(index), indexId: index, content: text, senderId: mine ? 'me' : 'bot', username: '', date: '1 May', timestamp: '10:00' }))
        }))
        document.body.append(chat)
      }`,
  },
]
