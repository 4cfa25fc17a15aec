import { h, type FunctionalComponent } from 'vue'

const paths = {
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  back: 'M15 5l-7 7 7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  next: 'M9 5l7 7-7 7',
  questions: 'M4 6h16M4 12h16M4 18h9',
  up: 'M7 11v9H4v-9zm0 0 4-8c1.7 0 2.6 1.3 2.2 3L12.5 9.5H18c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.3A2.3 2.3 0 0 1 16.200 20H7',
} as const

/** A line icon in the colour of the text around it; what it means is said by the control that holds it. */
const ChatIcon: FunctionalComponent<{ name: keyof typeof paths | 'thumb-down' }> = ({ name }) =>
  h('svg', { 'viewBox': '0 0 24 24', 'class': `vb-icon vb-icon-${name}`, 'aria-hidden': 'true', 'focusable': 'false' }, h('path', { d: paths[name === 'thumb-down' ? 'up' : name] }))
ChatIcon.props = ['name']

export default ChatIcon
