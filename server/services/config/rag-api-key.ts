import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { openSecret, sealSecret } from '#server/core/secret-box'
import { bumpRevision } from '#server/db/revisions'
import { findConfig, replaceSealedKey, type ConfigRow } from '#server/db/config'
import { inTransaction } from '#server/db/client'
import type { RagApiKeyStatus } from '#shared/contracts/admin'

const KEY_PURPOSE = 'chat_config.rag_api_key'

/** The key in the clear; `none`: nothing is set; `unreadable`: no secret of this server opens it. */
export type RagApiKey = { status: 'none' | 'unreadable', key: null } | { status: 'set', key: string }

export const sealRagApiKey = (key: string) => sealSecret(key, env().ENCRYPTION_KEY, KEY_PURPOSE)

let complainedOf: string | null = null

/** Opens the stored key; the first time it cannot, the log says so (once a ciphertext, not once a question). */
export function openRagApiKey(config: Pick<ConfigRow, 'ragApiKeyEncrypted'>): RagApiKey {
  const sealed = config.ragApiKeyEncrypted
  if (!sealed) return { status: 'none', key: null }
  const key = openSecret(sealed, [env().ENCRYPTION_KEY, env().ENCRYPTION_KEY_PREVIOUS], KEY_PURPOSE)
  if (key !== null) return { status: 'set', key }
  if (complainedOf !== sealed) log.error('The RAG API key cannot be decrypted with ENCRYPTION_KEY: enter it again at /admin/settings, or restore the old key as ENCRYPTION_KEY_PREVIOUS. Until then questions get the fallback')
  complainedOf = sealed
  return { status: 'unreadable', key: null }
}

export const ragApiKeyStatus = (config: Pick<ConfigRow, 'ragApiKeyEncrypted'>): RagApiKeyStatus => openRagApiKey(config).status

/**
 * Seals what is stored under ENCRYPTION_KEY anew, so that ENCRYPTION_KEY_PREVIOUS is needed no longer. Running servers
 * that still have the old key alone fall back within seconds: give them the new one first.
 */
export async function rotateSecrets(): Promise<'nothing stored' | 'rotated' | 'unreadable'> {
  return inTransaction(async () => {
    const config = await findConfig()
    if (!config?.ragApiKeyEncrypted) return 'nothing stored'
    const { key } = openRagApiKey(config)
    if (key === null) return 'unreadable'
    // Somebody who saves a key at this very moment has sealed theirs with the new secret already.
    await replaceSealedKey(config.ragApiKeyEncrypted, sealRagApiKey(key))
    await bumpRevision('config')
    return 'rotated'
  })
}
