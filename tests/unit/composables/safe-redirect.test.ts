import { describe, expect, it } from 'vitest'
import { safeRedirect } from '~/composables/safe-redirect'

describe('safeRedirect', () => {
  it.each(['/', '/my-plan', '/services/rooms?from=home#suites', '/my-plan?next=https://elsewhere.example'])('keeps %s, a path of this site', (path) => {
    expect(safeRedirect(path, '/home')).toBe(path)
  })

  it.each([
    'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '/\t/elsewhere.example', '/\n/elsewhere.example',
    '/a\\..\\b', 'javascript:alert(1)', 'my-plan', '', ' /my-plan', undefined, null, 7, ['/my-plan'],
  ])('falls back for %j', (path) => {
    expect(safeRedirect(path, '/home')).toBe('/home')
  })

  it.each(['//elsewhere.example', '/\\elsewhere.example', '/\t/elsewhere.example'])('refuses %j, which a browser would take for another host', (path) => {
    expect(new URL(path, 'https://site.example').host).toBe('elsewhere.example')
    expect(safeRedirect(path, '/home')).toBe('/home')
  })

  // Each of these once led off some site.
  it.each([
    '//evil.example', '///evil.example', '////evil.example', '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/\\/evil.example', 'https:evil.example', 'https:/evil.example',
    'https://evil.example', 'http://evil.example', 'HTTPS://evil.example', 'hTTp:evil.example', '%2f%2fevil.example', '/%2fevil.example', '/%2F/evil.example', '/%5cevil.example', '%5c%5cevil.example',
    '/.//evil.example', '/..//evil.example', '/./%2fevil.example', '/%2e//evil.example', 'data:text/html,<script>alert(1)</script>', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)',
    '\u0001javascript:alert(1)', 'vbscript:msgbox(1)', 'blob:https://evil.example/1', 'file:///etc/passwd', '/\t/evil.example', '\t//evil.example', '/\r\n/evil.example', '/a\r\nSet-Cookie: a=b', '/\u0000/evil.example', '\u2028//evil.example',
    '。evil.example', '／／evil.example', '〱evil.example', 'evil.example', '@evil.example', ':80', '?//evil.example', '#//evil.example', '.evil.example', '..//evil.example', '//evil。example', '//google.com%2f@evil.example', '/\u007F/evil.example',
    `/${'a'.repeat(2001)}`, { path: '/my-plan' }, ['//evil.example'], 0, true, Symbol.iterator, () => '/my-plan',
  ])('leads nowhere else: %o', (wanted) => {
    expect(safeRedirect(wanted, '/home')).toBe('/home')
  })

  it.each(['/@evil.example', '/／evil.example', '/ /evil.example', '/a//evil.example', '/:80', '/?next=//evil.example', '/#//evil.example', '/a/%2f%2fevil.example', '/my-plan?a=\u202Eevil'])('stays on this site with %j, whoever resolves it', (path) => {
    for (const site of ['https://site.example', 'http://127.0.0.1:3000', 'https://site.example/deep/page?x#y']) {
      expect(new URL(safeRedirect(path, '/home'), site).host).toBe(new URL(site).host)
    }
  })
})
