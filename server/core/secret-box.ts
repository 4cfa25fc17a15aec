import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/*
 * AES-256-GCM for secrets at rest. A box reads `v1.<key id>.<nonce>.<tag>.<ciphertext>`, all base64url; the key id tells
 * which key opens it, so that keys can change one after the other. `purpose` is authenticated with the text: a box
 * copied into another column does not open there.
 */
const ALGORITHM = 'aes-256-gcm'

/** A 256-bit key from a secret of any length, and the first 8 hex digits of that key's own hash as its name. */
function deriveKey(secret: string): { id: string, key: Buffer } {
  const key = createHash('sha256').update(`vasiliasbot/secret-box\0${secret}`).digest()
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
}

export function sealSecret(text: string, secret: string, purpose: string): string {
  const { id, key } = deriveKey(secret)
  const nonce = randomBytes(12)
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', id, ...[nonce, cipher.getAuthTag(), sealed].map(part => part.toString('base64url'))].join('.')
}

/** The text in the box, or null when none of the secrets opens it (another key, a damaged box). */
export function openSecret(box: string, secrets: (string | undefined)[], purpose: string): string | null {
  const [version, id, nonce, tag, sealed] = box.split('.')
  if (version !== 'v1' || !id || !nonce || !tag || sealed === undefined) return null
  const key = secrets.filter(secret => secret !== undefined).map(deriveKey).find(candidate => candidate.id === id)?.key
  if (!key) return null
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url')).setAAD(Buffer.from(purpose)).setAuthTag(Buffer.from(tag, 'base64url'))
    return decipher.update(sealed, 'base64url', 'utf8') + decipher.final('utf8')
  }
  catch {
    return null
  }
}
