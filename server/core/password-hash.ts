import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/*
 * scrypt with N=2^15, r=8, p=1 (32 MiB, about 100 ms): Node's own, so no binary per platform has to ship.
 * At most two at a time: hashing runs in libuv's pool of four threads, and file and DNS work needs some of them too.
 */
const COST = { N: 2 ** 15, r: 8, p: 1 }
const KEY_BYTES = 32
const MAX_AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
  running++
  try {
    const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
    // NFC: the same password typed on another keyboard must be the same bytes.
    return await new Promise((resolve, reject) => scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => error ? reject(error) : resolve(key)))
  }
  finally {
    running--
    waiting.shift()?.()
  }
}

/** `scrypt$N$r$p$salt$key`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

const decoySalt = randomBytes(16)

/**
 * Whether the password belongs to the hash. With null (no such user, no password set) it does the same work and says
 * false, so that the time taken tells nothing.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = (hash ?? '').split('$')
  if (scheme !== 'scrypt' || !salt || !key) {
    await derive(password, decoySalt, COST)
    return false
  }
  const expected = Buffer.from(key, 'base64url')
  const actual = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
