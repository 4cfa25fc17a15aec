import { expect, it } from 'vitest'
import { networkOf } from '#server/services/accounts/sign-in-delays'

it.each([
  ['203.0.113.9', '203.0.113.9'], ['::ffff:203.0.113.9', '203.0.113.9'], ['2001:db8:7:7:1::1', '2001:db8:7:7::/64'], ['2001:DB8:7:7:aaaa:bbbb:cccc:dddd', '2001:db8:7:7::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'], ['::1', '0:0:0:0::/64'], ['fe80::1%eth0', 'fe80:0:0:0::/64'], ['2001:0db8:0007::1', '2001:db8:7:0::/64'], ['unknown', 'unknown'], ['', ''],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
