import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'
import { deleteExpiredDelays, findWait, forgetFailures, returnTry, takeTry, type DelayRule } from '#server/db/sign-in-delays'
import { runInBackground } from '#server/services/background'

/*
 * Failed sign-ins make the next one wait, longer each time. Three rows are counted: an account from one address (somebody
 * guesses at it), an account from anywhere (many machines guess at it), an address (somebody tries many accounts). Nobody
 * is locked out: the waits have an upper end, and a browser that has signed in to the account before counts for itself
 * alone (OWASP's device cookie), so that its owner gets in however many others guess.
 */
const RULES = {
  accountAndAddress: { free: 5, first: 15, longest: 15 * 60, forget: 24 * 60 * 60 },
  account: { free: 30, first: 1, longest: 60, forget: 24 * 60 * 60 },
  address: { free: 40, first: 5, longest: 5 * 60, forget: 60 * 60 },
  device: { free: 5, first: 15, longest: 15 * 60, forget: 24 * 60 * 60 },
} satisfies Record<string, DelayRule>

interface Counted { keyHash: string, rule: DelayRule, /** A right password forgets its failures; else it takes back only its own try. */ ownersAlone: boolean }

export interface SignInTry {
  /** Call it when the password was right. */
  succeeded: () => Promise<void>
}

/** Counted for an attempt that nothing limits. */
const unlimited: SignInTry = { succeeded: async () => {} }
/** Rows that have run out are removed with every so many tries, so that made-up addresses cannot fill the table. */
const SWEEP_EVERY = 200
let tries = 0

/**
 * Counts an attempt to sign in as failed until it is told otherwise. Throws RATE_LIMITED, in the same words and at the
 * same point whether there is such an account or not. `deviceCookie`: what `deviceCookieFor` gave this browser; null: none.
 */
export async function beginSignInTry(email: string, address: string, deviceCookie: string | null): Promise<SignInTry> {
  if (env().RATE_LIMITS === 'off') return unlimited
  const counted = countedFor(email, address, deviceCookie)
  const wait = await findWait(counted.map(row => row.keyHash))
  if (wait) throw tooSoon(wait)
  for (const { keyHash, rule } of counted) {
    if (!await takeTry(keyHash, rule)) throw tooSoon(await findWait([keyHash]) ?? 0)
  }
  if (++tries % SWEEP_EVERY === 0) runInBackground('removing sign-in delays that are over', deleteExpiredDelays)
  return {
    succeeded: async () => {
      await forgetFailures(counted.filter(row => row.ownersAlone).map(row => row.keyHash))
      for (const { keyHash } of counted.filter(row => !row.ownersAlone)) await returnTry(keyHash)
    },
  }
}

function countedFor(email: string, address: string, deviceCookie: string | null): Counted[] {
  const account = email.trim().toLowerCase()
  const device = deviceCookie ? readDeviceCookie(deviceCookie, account) : null
  if (device) return [{ keyHash: keyed(`device\n${device}`), rule: RULES.device, ownersAlone: true }]
  const place = networkOf(address)
  return [
    { keyHash: keyed(`account-address\n${account}\n${place}`), rule: RULES.accountAndAddress, ownersAlone: true },
    { keyHash: keyed(`account\n${account}`), rule: RULES.account, ownersAlone: false },
    { keyHash: keyed(`address\n${place}`), rule: RULES.address, ownersAlone: false },
  ]
}

function tooSoon(waitMs: number): AppError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const wait = seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return new AppError('RATE_LIMITED', `That did not work several times: please wait ${wait} and try again.`, { retryAfter: seconds })
}

/** E-mail and address are not kept in the clear, nor where guessing could find them. */
const keyed = (text: string) => createHmac('sha256', env().AUTH_SECRET).update(`sign-in-delay\n${text}`).digest('base64url')

/** Of an IPv6 address the /64: everybody has that many addresses to themselves. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right]
  return `${groups.slice(0, 4).map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

export const DEVICE_COOKIE_DAYS = 180

/** A browser that has signed in to this account; it opens nothing, it only waits for nobody else's failures. */
export function deviceCookieFor(email: string): string {
  const nonce = randomBytes(16).toString('base64url')
  return `${nonce}.${deviceMac(nonce, email.trim().toLowerCase())}`
}

const deviceMac = (nonce: string, account: string) => createHmac('sha256', env().AUTH_SECRET).update(`known-device\n${nonce}\n${account}`).digest('base64url')

/** The device's own name; null: forged, or another account's. */
function readDeviceCookie(cookie: string, account: string): string | null {
  const [nonce, mac] = cookie.split('.')
  if (!nonce || !mac || nonce.length > 40) return null
  const expected = Buffer.from(deviceMac(nonce, account))
  const given = Buffer.from(mac)
  return expected.length === given.length && timingSafeEqual(expected, given) ? nonce : null
}
