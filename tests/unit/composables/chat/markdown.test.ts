import { describe, expect, it } from 'vitest'
import { parseInline, parseMarkdown, plainText } from '~/composables/chat/markdown'

const text = (value: string) => ({ kind: 'text', text: value })

describe('parseInline', () => {
  it.each([
    ['**bold** words', [{ kind: 'strong', children: [text('bold')] }, text(' words')]],
    ['an *italic* word', [text('an '), { kind: 'em', children: [text('italic')] }, text(' word')]],
    ['`code` here', [{ kind: 'code', text: 'code' }, text(' here')]],
    ['[Decor](/services/decor)', [{ kind: 'link', href: '/services/decor', children: [text('Decor')] }]],
    ['see https://example.com/a_b.', [text('see '), { kind: 'link', href: 'https://example.com/a_b', children: [text('https://example.com/a_b')] }, text('.')]],
    ['write to hello@example.com', [text('write to '), { kind: 'link', href: 'mailto:hello@example.com', children: [text('hello@example.com')] }]],
    ['one\ntwo', [text('one'), { kind: 'break' }, text('two')]],
    ['**bold with *italics* in it**', [{ kind: 'strong', children: [text('bold with '), { kind: 'em', children: [text('italics')] }, text(' in it')] }]],
  ])('understands %s', (source, expected) => {
    expect(parseInline(source)).toEqual(expected)
  })

  it.each(['2 * 3 * 4 = 24', 'snake_case_name', 'a ** b', '**not closed', '[no address]', '5*', 'file__name__here'])('leaves %s as it is', (source) => {
    expect(parseInline(source)).toEqual([text(source)])
  })

  it('takes an escaped mark for itself', () => {
    expect(parseInline('\\*not italic\\*')).toEqual([text('*not italic*')])
  })

  it('shows the words of an image, never the image', () => {
    expect(parseInline('![A garden](https://example.com/x.png)')).toEqual([{ kind: 'link', href: 'https://example.com/x.png', children: [text('A garden')] }])
  })
})

describe('parseMarkdown', () => {
  it('tells paragraphs, lists, headings and code apart', () => {
    expect(parseMarkdown('# Prices\nFrom 4,900.\n\n- venue\n- dinner\n\n3. third\n4. fourth\n\n```js\nlet a = 1\n```')).toEqual([
      { kind: 'heading', children: [text('Prices')] },
      { kind: 'paragraph', children: [text('From 4,900.')] },
      { kind: 'list', ordered: false, start: 1, items: [[text('venue')], [text('dinner')]] },
      { kind: 'list', ordered: true, start: 3, items: [[text('third')], [text('fourth')]] },
      { kind: 'code', text: 'let a = 1' },
    ])
  })

  it('keeps a code block that was never closed', () => {
    expect(parseMarkdown('```\nline')).toEqual([{ kind: 'code', text: 'line' }])
  })

  it('reads out words without their marks', () => {
    expect(plainText('**Yes**, see [decor](/services/decor):\n\n- one\n- two')).toBe('Yes, see decor: one. two')
  })

  it.each([
    ['stars', '*'.repeat(20_000)],
    ['open brackets', '['.repeat(20_000)],
    ['nested links', '[a]('.repeat(5000)],
    ['underscores', '_a'.repeat(10_000)],
    ['bold openings', '**a '.repeat(5000)],
    ['at signs', 'a@a.'.repeat(5000)],
    ['hashes', `# ${'#'.repeat(20_000)}x`],
    ['list marks', '- '.repeat(10_000)],
    ['spaces', `[a](${' '.repeat(20_000)}b)`],
    ['addresses', 'https://'.repeat(3000)],
  ])('stays quick on a text of many %s', (_, source) => {
    const began = performance.now()
    parseMarkdown(source)
    expect(performance.now() - began).toBeLessThan(400)
  })
})
