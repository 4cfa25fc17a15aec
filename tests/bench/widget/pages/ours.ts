import '../../../../assets/css/tokens.css'
import { createPinia } from 'pinia'
import { createApp, h } from 'vue'
import ChatWidget from '~/components/chat/ChatWidget.vue'

createApp({ render: () => h(ChatWidget, { apiBaseUrl: '/api/chatbot', customerId: 'bench', language: 'en' }) }).use(createPinia()).mount(document.body.appendChild(document.createElement('div')))

Object.assign(window, {
  isReady: () => document.querySelector('.vb-launcher') !== null,
  show: () => document.querySelector<HTMLElement>('.vb-launcher')!.click(),
})
