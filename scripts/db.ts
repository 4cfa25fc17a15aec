import { createInterface } from 'node:readline/promises'
import { sql } from 'drizzle-orm'
import { env, StartupError } from '#server/core/env'
import { inTransaction, setDatabase, type Database } from '#server/db/client'
import { migrate, readMigrationsFrom } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { addSeedFaqs, seedNewDatabase } from '#server/services/seed'

/* npm run db:migrate | db:seed | db:reset [-- --yes], on DATABASE_URL or the embedded database in DATA_DIR. */

const commands: Record<string, (database: Database) => Promise<string>> = {
  async migrate(database) {
    const { applied } = await migrate(database, readMigrationsFrom('drizzle/migrations'), env().DATABASE_URL)
    return applied.length ? `Applied ${applied.join(', ')}.` : 'Every migration had been applied already.'
  },
  async seed(database) {
    await commands.migrate!(database)
    if (await seedNewDatabase({ demoAccounts: false })) return 'Stored the config and the first FAQs.'
    const added = await inTransaction(addSeedFaqs)
    return added ? `Added ${added} FAQs that were missing.` : 'Config and FAQs were there already.'
  },
  async reset(database) {
    await confirmReset()
    await database.db.execute(sql`drop schema public cascade`)
    await database.db.execute(sql`create schema public`)
    return `${await commands.migrate!(database)} ${await commands.seed!(database)}`
  },
}

async function confirmReset(): Promise<void> {
  const { DATABASE_URL, DATA_DIR } = env()
  const where = DATABASE_URL ? new URL(DATABASE_URL).host + new URL(DATABASE_URL).pathname : DATA_DIR
  if (process.argv.includes('--yes')) return
  if (!process.stdin.isTTY) throw new StartupError('db:reset removes everything and asks first: run it in a terminal, or add -- --yes.')
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await prompt.question(`This removes every conversation, account and FAQ in ${where}. Type "reset" to go on: `)
  prompt.close()
  if (answer.trim() !== 'reset') throw new StartupError('Nothing was changed.')
}

async function main(): Promise<void> {
  const command = commands[process.argv[2] ?? '']
  if (!command) throw new StartupError(`Say what to do: ${Object.keys(commands).join(', ')}.`)
  const database = await openDatabase(env())
  try {
    console.log(await command(database))
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
