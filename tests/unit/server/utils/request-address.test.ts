import type { H3Event } from 'h3'
import { afterEach, describe, expect, it } from 'vitest'
import { readEnv, setEnv } from '#server/core/env'
import { networkOf, requestAddress } from '#server/utils/request-address'

const secrets = { AUTH_SECRET: 'test-auth-secret-0123456789abcdef0', ENCRYPTION_KEY: 'test-encryption-key-0123456789abcd' }
const addressBehind = (proxies: number, forwarded: string | undefined, connection = '10.0.0.1') => {
  setEnv(readEnv({ ...secrets, TRUST_PROXY: String(proxies) }))
  return requestAddress({ node: { req: { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress: connection } } } } as unknown as H3Event)
}
afterEach(() => setEnv(undefined))

describe('whom a call is counted for', () => {
  it.each([
    ['no proxy: the connection, whatever the header claims', 0, '203.0.113.7', '10.0.0.1'],
    ['one proxy: what it appended, not what stood there before', 1, '6.6.6.6, 203.0.113.7', '203.0.113.7'],
    ['one proxy, a long forgery', 1, `${'6.6.6.6, '.repeat(200)}203.0.113.7`, '203.0.113.7'],
    ['two proxies: what the outer one appended', 2, '6.6.6.6, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['two proxies, nothing forged', 2, '203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['one proxy without a header', 1, undefined, '10.0.0.1'],
  ])('%s', (_, proxies, forwarded, expected) => {
    expect(addressBehind(proxies, forwarded)).toBe(expected)
  })

  it('has one name for an address however it is written, and for a line of IPv6', () => {
    expect(['::ffff:203.0.113.7', '203.0.113.7:4711', '203.0.113.7'].map(networkOf)).toEqual(Array(3).fill('203.0.113.7'))
    expect(['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '[2001:DB8:1:2:3::]:443', '2001:db8:1:2:aaaa::%eth0'].map(networkOf)).toEqual(Array(4).fill('2001:db8:1:2::/64'))
    expect([networkOf('::1'), networkOf('fe80::1'), networkOf('2001:db8:1:3::1')]).toEqual(['0:0:0:0::/64', 'fe80:0:0:0::/64', '2001:db8:1:3::/64'])
    expect(networkOf('x'.repeat(500))).toHaveLength(64)
  })
})
