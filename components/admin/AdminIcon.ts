import { h, type FunctionalComponent } from 'vue'

const paths = {
  faqs: 'M4 5h16M4 10h10M4 15h16M4 20h7',
  try: 'M9 3v6l-5 9a2 2 0 0 0 2 3h12a2 2 0 0 0 2-3l-5-9V3M8 3h8M7 15h10',
  conversations: 'M4 5h16v11H10l-5 4v-4H4z',
  feedback: 'M7 11v9H4v-9zm0 0 4-7a2 2 0 0 1 2 2v4h6l-1.5 8a2 2 0 0 1-2 2H7',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5',
  audit: 'M12 8v4l3 2M4.5 9A8 8 0 1 1 4 12M4 5v4h4',
  overview: 'M5 20v-7M12 20V5M19 20v-10',
  unanswered: 'M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 17h.01M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z',
  person: 'M12 12a4 4 0 1 1 0-8 4 4 0 0 1 0 8zM5 20c.6-3.6 3.4-6 7-6s6.4 2.4 7 6',
  replay: 'M4.5 9A8 8 0 1 1 4 12M4 5v4h4M10.500 9l5 3-5 3z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  plus: 'M12 5v14M5 12h14',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  search: 'M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM20 20l-4.5-4.5',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14 6l-6 6 6 6',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  edit: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  upload: 'M12 16V4M7 9l5-5 5 5M5 20h14',
  download: 'M12 4v12M7 11l5 5 5-5M5 20h14',
  site: 'M4 11l8-7 8 7M6 10v10h12V10',
  out: 'M14 5H6v14h8M11 12h9M17 8.5l3.5 3.5-3.5 3.5',
  thumbUp: 'M7 11v9H4v-9zm0 0 4-7a2 2 0 0 1 2 2v4h6l-1.5 8a2 2 0 0 1-2 2H7',
  thumbDown: 'M17 13V4h3v9zm0 0-4 7a2 2 0 0 1-2-2v-4H5l1.5-8a2 2 0 0 1 2-2H17',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
} as const

export type AdminIconName = keyof typeof paths

/** A line icon in the colour of the words beside it; the words carry the meaning. */
const AdminIcon: FunctionalComponent<{ name: AdminIconName }> = ({ name }) => h('svg', {
  'viewBox': '0 0 24 24', 'width': 18, 'height': 18, 'fill': 'none', 'stroke': 'currentColor', 'stroke-width': name === 'more' || name === 'grip' ? 2.75 : 1.7,
  'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', 'focusable': 'false',
}, h('path', { d: paths[name] }))
AdminIcon.props = ['name']

export default AdminIcon
