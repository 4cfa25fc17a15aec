import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { StartupError } from '#server/core/env'
import { acquireFolderLock } from '#server/db/folder-lock'
import { wrapPglite } from '#server/db/open-database'

/*
 * The embedded database is its folder. Nobody may write to it meanwhile, so both ways hold the folder's lock: with a
 * server running they say so and do nothing.
 */
const DATABASE = 'pglite'
const SECRETS = 'secrets.json'

/** Packs the database and its secrets, without which the RAG key in it cannot be read. */
export async function backUpEmbedded(dataDir: string, file: string): Promise<void> {
  if (!existsSync(join(dataDir, DATABASE, 'PG_VERSION'))) throw new StartupError(`There is no embedded database in ${dataDir}: set DATA_DIR to its folder, or DATABASE_URL for PostgreSQL.`)
  const lock = await acquireFolderLock(dataDir)
  try {
    const names = [DATABASE, ...(existsSync(join(dataDir, SECRETS)) ? [SECRETS] : [])]
    await tar(['-czf', file, '-C', dataDir, ...names], `The backup could not be written to ${file}`)
  }
  finally {
    lock.release()
  }
}

/**
 * Unpacks beside the database, opens what came out to see that it is whole, and only then puts it in place. With `force`
 * the database that was there is kept as `pglite.before-…`; its name is given back.
 */
export async function restoreEmbedded(dataDir: string, file: string, force: boolean): Promise<string | null> {
  mkdirSync(dataDir, { recursive: true })
  const folder = join(dataDir, DATABASE)
  const isEmpty = () => !existsSync(folder) || readdirSync(folder).length === 0
  if (!isEmpty() && !force) throw new StartupError(`There is a database in ${dataDir} already: restore into another DATA_DIR, or add --force, which keeps the one that is there beside it.`)
  const lock = await acquireFolderLock(dataDir)
  const unpacked = join(dataDir, `restore.${process.pid}`)
  try {
    mkdirSync(unpacked)
    await tar(['-xzf', file, '-C', unpacked], `The file ${file} is damaged or no backup of an embedded database`)
    await checkDatabase(join(unpacked, DATABASE), file)
    const aside = isEmpty() ? null : `${folder}.before-${new Date().toISOString().replace(/[:.]/g, '-')}`
    if (aside) renameSync(folder, aside)
    else rmSync(folder, { recursive: true, force: true })
    renameSync(join(unpacked, DATABASE), folder)
    // The secrets belong to the database; those that were there open only the one that was there.
    if (existsSync(join(unpacked, SECRETS))) {
      if (aside && existsSync(join(dataDir, SECRETS))) renameSync(join(dataDir, SECRETS), join(aside, SECRETS))
      renameSync(join(unpacked, SECRETS), join(dataDir, SECRETS))
    }
    return aside
  }
  finally {
    rmSync(unpacked, { recursive: true, force: true })
    lock.release()
  }
}

async function checkDatabase(folder: string, file: string): Promise<void> {
  const refuse = (cause?: unknown) => new StartupError(`The file ${file} holds no database of VasiliasBot that can be opened: take another backup.`, { cause })
  if (!existsSync(join(folder, 'PG_VERSION'))) throw refuse()
  try {
    const { PGlite } = await import('@electric-sql/pglite')
    const database = await wrapPglite(await PGlite.create({ dataDir: folder }))
    try {
      await database.db.execute(sql`select count(*) from schema_migrations`)
    }
    finally {
      await database.close()
    }
  }
  catch (cause) {
    throw refuse(cause)
  }
}

function tar(args: string[], failed: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', chunk => said += chunk)
    child.once('error', (cause: NodeJS.ErrnoException) => reject(new StartupError(cause.code === 'ENOENT' ? 'The program tar is not installed: install it (apt-get install tar) and try again.' : `${failed} (${cause.code}).`, { cause })))
    child.once('close', code => code === 0 ? resolve() : reject(new StartupError(`${failed}: ${said.trim().split('\n')[0] || `tar ended with ${code}`}.`)))
  })
}
