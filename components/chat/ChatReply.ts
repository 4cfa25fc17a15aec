import { h, shallowRef, type FunctionalComponent } from 'vue'
import { loadPatiently } from '~/composables/chat/load-patiently'
import { useUi } from '~/composables/chat/ui'

/** What Markdown gives a meaning. A text without any of it is drawn the same with and without the parser. */
const marks = /[*_`[\]\\@]|:\/\/|^\s*(?:[-+•#]|\d+[.)]\s)/m

export const hasMarks = (text: string) => marks.test(text)

type Rich = typeof import('./ChatText')

/** The part that draws Markdown: null until a text has needed it. */
const rich = shallowRef<Rich | null>(null)
let loading: Promise<Rich> | undefined

/** Fetches what draws Markdown, once. */
export function loadRich(): Promise<Rich> {
  loading ??= loadPatiently(() => import('./ChatText')).then(
    part => (rich.value = part),
    (problem) => {
      loading = undefined
      throw problem
    },
  )
  return loading
}

/** The words of a reply for reading out: as they are, should the parser not come. */
export const sayable = async (text: string): Promise<string> => (hasMarks(text) ? loadRich().then(part => part.plainText(text), () => text) : text)

/** A reply's text. With marks in it, it stands there as it came until what draws them has been fetched. */
const ChatReply: FunctionalComponent<{ text: string }> = ({ text }) => {
  if (hasMarks(text)) {
    if (rich.value) return h(rich.value.default, { text, follow: useUi().follow })
    loadRich().catch(() => {})
  }
  return text.split(/\n\s*\n/).map(words => h('p', { class: 'vb-typed', dir: 'auto' }, words.trim()))
}
ChatReply.props = ['text']

/** A source: a link, once it is known to be a safe one. */
export const ChatSource: FunctionalComponent<{ title: string | null, url: string | null }> = ({ title, url }) => {
  if (url && !rich.value) loadRich().catch(() => {})
  return url && rich.value ? h(rich.value.ChatLink, { address: url, words: title || url, follow: useUi().follow }) : title || url
}
ChatSource.props = ['title', 'url']

export default ChatReply
