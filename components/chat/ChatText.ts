import { h, type FunctionalComponent, type VNodeChild } from 'vue'
import { parseMarkdown, type Block, type Inline } from '~/composables/chat/markdown'
import { safeLink } from '~/composables/chat/safe-link'
import { useUi, type ChatUi } from '~/composables/chat/ui'

/** A link if its address is one we follow, else only its words. */
export function drawLink(ui: ChatUi, address: string, children: VNodeChild): VNodeChild {
  const link = safeLink(address)
  if (!link) return children
  return link.isInternal
    ? h('a', { href: link.href, onClick: (event: MouseEvent) => ui.follow(event, link.href) }, [children])
    : h('a', { href: link.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, [children])
}

function drawInline(ui: ChatUi, pieces: Inline[]): VNodeChild[] {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case 'text': return piece.text
      case 'break': return h('br')
      case 'code': return h('code', piece.text)
      case 'link': return drawLink(ui, piece.href, drawInline(ui, piece.children))
      default: return h(piece.kind, drawInline(ui, piece.children))
    }
  })
}

function drawBlock(ui: ChatUi, block: Block): VNodeChild {
  if (block.kind === 'list') return h(block.ordered ? 'ol' : 'ul', block.ordered && block.start !== 1 ? { start: block.start } : null, block.items.map(item => h('li', { dir: 'auto' }, drawInline(ui, item))))
  if (block.kind === 'code') return h('pre', { tabindex: 0 }, h('code', block.text))
  const words = drawInline(ui, block.children)
  return h('p', { dir: 'auto' }, block.kind === 'heading' ? [h('strong', words)] : words)
}

/** A reply's text, its light Markdown drawn as elements. No HTML string is ever made, so no text can become one. */
const ChatText: FunctionalComponent<{ text: string }> = (props) => {
  const ui = useUi()
  return parseMarkdown(props.text).map(block => drawBlock(ui, block))
}
ChatText.props = ['text']

export default ChatText
