import { h, type FunctionalComponent } from 'vue'
import { piecesOf } from '~/composables/admin-matches'

/** A text with what was searched for marked in it, cut to where the first match is. */
const AdminMatchedText: FunctionalComponent<{ text: string, q: string }> = ({ text, q }) =>
  piecesOf(text, q).map(({ words, isMatch }) => (isMatch ? h('mark', words) : words))
AdminMatchedText.props = ['text', 'q']

export default AdminMatchedText
