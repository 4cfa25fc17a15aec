import { h, type FunctionalComponent, type VNodeChild } from 'vue'
import { parseMarkdown, type Block, type Inline } from '~/composables/chat/markdown'
import { safeLink } from '~/composables/chat/safe-link'
import './chat-text.css'

export { plainText } from '~/composables/chat/markdown'
export { safeLink } from '~/composables/chat/safe-link'

/** Follows a path of this site. */
type Follow = (event: MouseEvent, path: string) => void

function drawLink(follow: Follow, address: string, children: VNodeChild): VNodeChild {
  const link = safeLink(address)
  if (!link) return children
  return link.isInternal
    ? h('a', { href: link.href, onClick: (event: MouseEvent) => follow(event, link.href) }, [children])
    : h('a', { href: link.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, [children])
}

/** A link if its address is one we follow, else only its words. */
export const ChatLink: FunctionalComponent<{ address: string, words: string, follow: Follow }> = ({ address, words, follow }) => drawLink(follow, address, words)
ChatLink.props = ['address', 'words', 'follow']

function drawInline(follow: Follow, pieces: Inline[]): VNodeChild[] {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case 'text': return piece.text
      case 'break': return h('br')
      case 'code': return h('code', piece.text)
      case 'link': return drawLink(follow, piece.href, drawInline(follow, piece.children))
      default: return h(piece.kind, drawInline(follow, piece.children))
    }
  })
}

function drawBlock(follow: Follow, block: Block): VNodeChild {
  if (block.kind === 'list') return h(block.ordered ? 'ol' : 'ul', block.ordered && block.start !== 1 ? { start: block.start } : null, block.items.map(item => h('li', { dir: 'auto' }, drawInline(follow, item))))
  if (block.kind === 'code') return h('pre', { tabindex: 0 }, h('code', block.text))
  const words = drawInline(follow, block.children)
  return h('p', { dir: 'auto' }, block.kind === 'heading' ? [h('strong', words)] : words)
}

/** A reply's text, its light Markdown drawn as elements. No HTML string is ever made, so no text can become one. */
const ChatText: FunctionalComponent<{ text: string, follow: Follow }> = ({ text, follow }) => parseMarkdown(text).map(block => drawBlock(follow, block))
ChatText.props = ['text', 'follow']

export default ChatText
