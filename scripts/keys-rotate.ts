import { env, StartupError } from '#server/core/env'
import { setDatabase } from '#server/db/client'
import { isSchemaCurrent, readMigrationsFrom } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { rotateSecrets } from '#server/services/config/rag-api-key'

/* npm run keys:rotate: encrypts what is stored under ENCRYPTION_KEY anew, so that ENCRYPTION_KEY_PREVIOUS can go. */

const said = {
  'nothing stored': 'No key is stored: there is nothing to rotate.',
  'rotated': 'The RAG API key is encrypted under ENCRYPTION_KEY now; ENCRYPTION_KEY_PREVIOUS is needed no longer.',
} as const

async function main(): Promise<void> {
  const database = await openDatabase(env())
  try {
    if (!await isSchemaCurrent(database, readMigrationsFrom('drizzle/migrations'))) throw new StartupError('The database has not every migration of this version: run npm run db:migrate first.')
    const result = await rotateSecrets()
    if (result === 'unreadable') throw new StartupError('Neither ENCRYPTION_KEY nor ENCRYPTION_KEY_PREVIOUS opens the stored RAG API key: set the key it was encrypted with as ENCRYPTION_KEY_PREVIOUS, or enter the RAG API key again at /admin/settings.')
    console.log(said[result])
  }
  finally {
    setDatabase(undefined)
    await database.close()
  }
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
