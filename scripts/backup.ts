import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { StartupError } from '#server/core/env'
import { backUp, restore } from './backup/files'

/*
 * npm run backup -- --to <file> [--force]
 * npm run restore -- --from <file> [--force]
 * on DATABASE_URL or the embedded database in DATA_DIR. Not through env(), which would make secrets for an empty folder.
 */
const usage = { backup: 'Say where to: npm run backup -- --to <file>', restore: 'Say from where: npm run restore -- --from <file>' }

async function main(): Promise<string> {
  const command = process.argv[2] as keyof typeof usage
  const place = { DATABASE_URL: process.env.DATABASE_URL || undefined, DATA_DIR: resolve(process.env.DATA_DIR || '.data') }
  const { to, from, force } = parse(command)
  const file = command === 'backup' ? to : from
  if (!file) throw new StartupError(usage[command])
  return command === 'backup' ? backUp(place, file, force) : restore(place, file, force)
}

function parse(command: keyof typeof usage) {
  try {
    const { values } = parseArgs({ args: process.argv.slice(3), options: { to: { type: 'string' }, from: { type: 'string' }, force: { type: 'boolean', default: false } } })
    return { ...values, force: values.force ?? false }
  }
  catch {
    throw new StartupError(usage[command])
  }
}

main().then(done => console.log(done), (error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
