/** A piece of a line. `text` of a link may hold further pieces. */
export type Inline
  = { kind: 'text' | 'code', text: string }
    | { kind: 'strong' | 'em', children: Inline[] }
    | { kind: 'link', href: string, children: Inline[] }
    | { kind: 'break' }

export type Block
  = { kind: 'paragraph' | 'heading', children: Inline[] }
    | { kind: 'code', text: string }
    | { kind: 'list', ordered: boolean, start: number, items: Inline[][] }

// Bounded repetitions: a long text full of stray marks stays cheap.
const inlinePattern = /\\([\\`*_[\]()#+.!>~-])|`([^`\n]{1,500})`|!?\[([^[\]\n]{1,300})\]\(\s{0,3}<?([^\s<>()]{1,1000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)>?(?:\s{1,3}"[^"\n]{0,200}")?\s{0,3}\)|\*\*([^\s*](?:(?:[^*\n]|\*(?!\*)){0,500}[^\s*])?)\*\*|__([^\s_](?:[^_\n]{0,500}[^\s_])?)__|\*([^\s*](?:[^*\n]{0,500}[^\s*])?)\*|_([^\s_](?:[^_\n]{0,500}[^\s_])?)_|(https?:\/\/[^\s<>"'`]{1,1000})|([\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,63}){1,5})|(\n)/g

const wordCharacter = /[\p{L}\p{N}_]/u

/** One line's marks: bold, italics, code, links, bare addresses. What is no mark stays text. */
export function parseInline(source: string, depth = 0): Inline[] {
  const pieces: Inline[] = []
  let text = ''
  let at = 0
  const flush = () => {
    if (text) pieces.push({ kind: 'text', text })
    text = ''
  }
  const add = (piece: Inline) => {
    flush()
    pieces.push(piece)
  }
  if (depth > 3) return [{ kind: 'text', text: source }]
  for (const match of source.matchAll(inlinePattern)) {
    const [whole, escaped, code, label, target, strong, strongUnder, em, emUnder, bare, mail, newline] = match
    text += source.slice(at, match.index)
    at = match.index + whole.length
    const bold = strong ?? strongUnder
    const italic = em ?? emUnder
    const isInsideWord = (strongUnder ?? emUnder) !== undefined && (wordCharacter.test(source[match.index - 1] ?? '') || wordCharacter.test(source[at] ?? ''))
    if (escaped) text += escaped
    else if (code) add({ kind: 'code', text: code })
    else if (label && target) add({ kind: 'link', href: target, children: parseInline(label, depth + 1) })
    else if (newline) add({ kind: 'break' })
    else if (bold && !isInsideWord) add({ kind: 'strong', children: parseInline(bold, depth + 1) })
    else if (italic && !isInsideWord) add({ kind: 'em', children: parseInline(italic, depth + 1) })
    else if (bare) {
      const address = bare.replace(/[.,;:!?)\]}»”’*_]+$/, '')
      add({ kind: 'link', href: address, children: [{ kind: 'text', text: address }] })
      text += bare.slice(address.length)
    }
    else if (mail) add({ kind: 'link', href: `mailto:${mail}`, children: [{ kind: 'text', text: mail }] })
    else text += whole
  }
  text += source.slice(at)
  flush()
  return pieces
}

const bullet = /^ {0,6}(?:[-*+•]|(\d{1,4})[.)])\s+(.*)$/

/** The part of Markdown that answers use. HTML in it is text like any other: nothing here makes HTML. */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = []
  const lines = source.replace(/\r\n?/g, '\n').split('\n')
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length) blocks.push({ kind: 'paragraph', children: parseInline(paragraph.join('\n')) })
    paragraph = []
  }
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    const item = bullet.exec(line)
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line.slice(0, 500))
    if (line.startsWith('```')) {
      endParagraph()
      const end = lines.findIndex((other, at) => at > index && other.startsWith('```'))
      const last = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(index + 1, last).join('\n') })
      index = last
    }
    else if (item) {
      endParagraph()
      const ordered = item[1] !== undefined
      const list = blocks.at(-1)
      const previous = lines[index - 1] ?? ''
      const pieces = parseInline(item[2]!)
      if (list?.kind === 'list' && list.ordered === ordered && (bullet.test(previous) || !previous.trim())) list.items.push(pieces)
      else blocks.push({ kind: 'list', ordered, start: Number(item[1] ?? 1), items: [pieces] })
    }
    else if (heading) {
      endParagraph()
      blocks.push({ kind: 'heading', children: parseInline(heading[1]!) })
    }
    else if (line.trim()) paragraph.push(line)
    else endParagraph()
  }
  endParagraph()
  return blocks
}

const plainInline = (pieces: Inline[]): string => pieces.map(piece => ('children' in piece ? plainInline(piece.children) : piece.kind === 'break' ? ' ' : piece.text)).join('')

/** The words without the marks, for reading out. */
export function plainText(source: string): string {
  return parseMarkdown(source)
    .map(block => (block.kind === 'list' ? block.items.map(plainInline).join('. ') : block.kind === 'code' ? block.text : plainInline(block.children)))
    .join(' ')
}
