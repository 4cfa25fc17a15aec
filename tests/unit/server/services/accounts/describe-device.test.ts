import { expect, it } from 'vitest'
import { describeDevice } from '#server/services/accounts/describe-device'

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0', { browser: 'Firefox', system: 'Windows', kind: 'computer' }],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', { browser: 'Safari', system: 'macOS', kind: 'computer' }],
  ['Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36', { browser: 'Chrome', system: 'Android', kind: 'phone' }],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1', { browser: 'Chrome', system: 'iOS', kind: 'phone' }],
  ['nonsense', { browser: null, system: null, kind: 'unknown' }],
  ['  ', { browser: null, system: null, kind: 'unknown' }],
  [null, { browser: null, system: null, kind: 'unknown' }],
] as const)('%s', (agent, device) => {
  expect(describeDevice(agent)).toEqual(device)
})
