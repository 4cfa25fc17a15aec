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
})
