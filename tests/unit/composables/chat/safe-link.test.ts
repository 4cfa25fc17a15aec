import { describe, expect, it } from 'vitest'
import { safeLink } from '~/composables/chat/safe-link'

const origin = 'https://weddings.example'

describe('safeLink', () => {
  it.each([
    ['/services/decor', '/services/decor', true],
    ['/my-plan?x=1#top', '/my-plan?x=1#top', true],
    ['https://weddings.example/contact', '/contact', true],
    ['https://elsewhere.example/a', 'https://elsewhere.example/a', false],
    ['http://elsewhere.example', 'http://elsewhere.example/', false],
    ['mailto:hello@example.com', 'mailto:hello@example.com', false],
  ])('follows %s', (address, href, isInternal) => {
    expect(safeLink(address, origin)).toEqual({ href, isInternal })
  })

  it.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\nscript:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>', 'vbscript:msgbox(1)', 'file:///etc/passwd', 'blob:https://weddings.example/1',
    '//elsewhere.example', '/\\elsewhere.example', '\\\\elsewhere.example', 'relative/path', '#here', '', 'https://', 'http://user:pass@elsewhere.example', 'tel:123',
  ])('does not follow %j', (address) => {
    expect(safeLink(address, origin)).toBeNull()
  })
})
