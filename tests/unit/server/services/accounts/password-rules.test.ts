import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEnv, setEnv } from '#server/core/env'
import { brokenPasswordRule, passwordSentence } from '#server/services/accounts/password-rules'

beforeAll(() => setEnv(readEnv({ AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32), PUBLIC_URL: 'https://www.olympia-planner.example' })))
afterAll(() => setEnv(undefined))

const anna = { email: 'anna.papadaki@example.com', name: 'Anna Papadaki' }
const broken = (password: string) => brokenPasswordRule(password, anna)

describe('a password that is guessed first is refused', () => {
  it.each([
    'qwertyuiop', '1234567890', 'password123', 'Password1!', 'P@ssw0rd2024', 'iloveyou123', 'sunshine2024!', 'letmein12345', '!!dragon!!', 'football1990',
    'pass word 1', 'trustno1234', 'ｐａｓｓｗｏｒｄ１２３', 'SUPERMAN!!',
  ])('%s', async password => expect(await broken(password)).not.toBeNull())
})

it.each([
  ['common', 'Password1!'], ['common', 'sunshine2024'],
  ['repeated', 'aaaaaaaaaaaaaaaa'], ['repeated', 'abcabcabcabc'], ['repeated', 'passwordpassword'], ['repeated', '12121212121212'],
  ['sequence', 'abcdefghijkl'], ['sequence', '9876543210'], ['sequence', 'αβγδεζηθικλ'], ['sequence', '1qaz2wsx3edc'],
  ['personal', 'anna.papadaki@example.com'], ['personal', 'Anna.Papadaki1'], ['personal', 'annapapadaki!'], ['personal', 'papadaki1985'], ['personal', 'PapadakiAnna'], ['personal', 'annapapadakiexample'],
  ['site', 'vasilias2026'], ['site', 'VasiliasBot!'], ['site', 'Vasilias Weddings'], ['site', 'V4silias-2026'], ['site', 'olympia-planner1'],
] as const)('%s: %s', async (reason, password) => {
  expect(await broken(password)).toBe(reason)
  expect(passwordSentence(reason)).toMatch(/^Choose .+\.$/)
})

describe('no symbol, no capital and no digit is asked for', () => {
  it.each([
    'three olive words', 'olive-harbour-lemon-linen', 'correct horse battery staple', 'a quiet new harbour', 'ένα μεγάλο πράσινο σπίτι', 'xk8Qm2vL9r', '🫒🫒 lemon and linen',
    'my anna likes olives', 'dragons fly over mount olympus', '80213465987412',
  ])('%s is taken', async password => expect(await broken(password)).toBeNull())
})

it('takes a name or an address of odd shape without stumbling', async () => {
  for (const account of [{ email: '' }, { email: '@' }, { email: 'a@b', name: '' }, { email: '٣@٣', name: '\u202E' }, { email: '((([', name: '***' }]) {
    expect(await brokenPasswordRule('three olive words', account)).toBeNull()
  }
})

it('takes the longest password in its stride', async () => {
  for (const password of ['1'.repeat(199) + 'a', 'ab'.repeat(100), `${'!'.repeat(100)}${'a'.repeat(100)}`]) expect(await broken(password)).toBeTypeOf('string')
})
