import { chmodSync, closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { StartupError, type Env } from '#server/core/env'
import { backUpEmbedded, restoreEmbedded } from './embedded'
import { backUpPostgres, restorePostgres } from './postgres'

type Place = Pick<Env, 'DATABASE_URL' | 'DATA_DIR'>

/** Backs up what the environment names. The file appears whole or not at all, and only its owner can read it. Says what was done. */
export async function backUp(place: Place, to: string, force: boolean): Promise<string> {
  const file = resolve(to)
  if (existsSync(file) && !force) throw new StartupError(`The file ${file} exists already: choose another name, or add --force to replace it.`)
  const partial = `${file}.${process.pid}.partial`
  try {
    writeFileSync(partial, '', { mode: 0o600, flag: 'wx' })
    if (place.DATABASE_URL) await backUpPostgres(place.DATABASE_URL, partial)
    else await backUpEmbedded(place.DATA_DIR, partial)
    chmodSync(partial, 0o600)
    renameSync(partial, file)
  }
  catch (cause) {
    rmSync(partial, { force: true })
    if (cause instanceof StartupError) throw cause
    throw new StartupError(`The backup cannot be written to ${file} (${(cause as { code?: string }).code}): choose a folder that exists and can be written to.`, { cause })
  }
  return `Backed up ${place.DATABASE_URL ? 'the PostgreSQL database' : `the embedded database and its secrets in ${place.DATA_DIR}`} to ${file} (${Math.ceil(statSync(file).size / 1024)} KiB). Keep it as safe as the database.`
}

/** Restores a file of `backUp` into what the environment names. Says what was done. */
export async function restore(place: Place, from: string, force: boolean): Promise<string> {
  const file = resolve(from)
  const kind = kindOf(file)
  if (kind === 'postgres' && !place.DATABASE_URL) throw new StartupError('This is a backup of a PostgreSQL database: set DATABASE_URL to the one to restore it into.')
  if (kind === 'embedded' && place.DATABASE_URL) throw new StartupError('This is a backup of an embedded database: restore it without DATABASE_URL, into DATA_DIR.')
  if (kind === null) throw new StartupError(`The file ${file} is damaged or no backup of VasiliasBot.`)
  if (place.DATABASE_URL) {
    await restorePostgres(place.DATABASE_URL, file, force)
    return 'Restored. The next start brings the schema up to date.'
  }
  const aside = await restoreEmbedded(place.DATA_DIR, file, force)
  return `Restored into ${place.DATA_DIR}. ${aside ? `What was there is in ${aside}: remove it when all is well. ` : ''}The next start brings the schema up to date.`
}

/** By its first bytes: gzip's, or pg_dump's. */
function kindOf(file: string): 'embedded' | 'postgres' | null {
  const head = Buffer.alloc(5)
  try {
    const handle = openSync(file, 'r')
    readSync(handle, head, 0, 5, 0)
    closeSync(handle)
  }
  catch (cause) {
    throw new StartupError(`The file ${file} cannot be read (${(cause as { code?: string }).code}).`, { cause })
  }
  if (head.toString('latin1') === 'PGDMP') return 'postgres'
  return head[0] === 0x1F && head[1] === 0x8B ? 'embedded' : null
}
