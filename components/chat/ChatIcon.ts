import { h, type FunctionalComponent } from 'vue'

const paths = {
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  next: 'M9 5l7 7-7 7',
  questions: 'M4 6h16M4 12h16M4 18h9',
  up: 'M7 11v9H4v-9zm0 0 4-8c1.7 0 2.6 1.3 2.2 3L12.5 9.5H18c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.3A2.3 2.3 0 0 1 16.2 20H7',
}
/** Drawn as another one upside down. */
const turned = { newest: 'send', back: 'next', down: 'up' } as const

/** A line icon in the colour of the text around it; what it means is said by the control that holds it. */
const ChatIcon: FunctionalComponent<{ name: keyof typeof paths | keyof typeof turned }> = ({ name }) => {
  const original = turned[name as keyof typeof turned]
  return h('svg', { 'viewBox': '0 0 24 24', 'class': ['vb-icon', original && 'vb-turned', name === 'menu' && 'vb-bold'], 'aria-hidden': 'true' }, h('path', { d: paths[original ?? name as keyof typeof paths] }))
}
ChatIcon.props = ['name']

export default ChatIcon
