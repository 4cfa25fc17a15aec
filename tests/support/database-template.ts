import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { readMigrationsFrom } from '#server/db/migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** PGlite: the file of a migrated data folder. */
    pgliteTemplate: string
    /** PostgreSQL: the server's address, the migrated template's name, and the prefix of this run's databases. */
    postgres: { server: string, template: string, prefix: string }
  }
}

export const migrations = readMigrationsFrom(fileURLToPath(new URL('../../drizzle/migrations', import.meta.url)))

/** Changes with every migration, and so names what was made from them. */
export const migrationsHash = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 12)
