import { randomInt } from 'node:crypto'
import { seedFaqs } from '#drizzle/seed/faqs'
import { AppError } from '#server/core/app-error'
import { StartupError } from '#server/core/env'
import { hashPassword } from '#server/core/password-hash'
import { inTransaction } from '#server/db/client'
import { insertConfig } from '#server/db/config'
import { isUniqueViolation } from '#server/db/errors'
import { insertFaq, replacePhrasings } from '#server/db/faqs'
import { bumpRevision } from '#server/db/revisions'
import { findUserByEmail, updatePasswordHash, updateRole } from '#server/db/users'
import { register } from './accounts/accounts'
import { defaultConfig } from './config/default-config'
import { questionKey } from './faqs/manage-faqs'

export interface DemoAccount { role: 'customer' | 'admin', email: string, password: string }

/**
 * Fills a new database: config, FAQs and (where asked) two demo accounts whose passwords are given back once and kept
 * as hashes only. Whoever stores the config row is the one who seeds, so servers that start together seed once, and
 * what an admin has deleted does not come back. null: it was filled already.
 */
export async function seedNewDatabase(options: { demoAccounts: boolean }): Promise<{ demoAccounts: DemoAccount[] } | null> {
  return inTransaction(async () => {
    if (!await insertConfig(defaultConfig)) return null
    await addSeedFaqs()
    return { demoAccounts: options.demoAccounts ? await makeDemoAccounts() : [] }
  })
}

/** Adds the FAQs of the seed whose question is not there; says how many. */
export async function addSeedFaqs(): Promise<number> {
  let added = 0
  for (const { question, answer, phrasings } of seedFaqs) {
    try {
      await inTransaction(async () => {
        const faq = await insertFaq({ question, questionKey: questionKey(question), answer, isActive: true })
        await replacePhrasings(faq.id, phrasings)
      })
      added++
    }
    catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
  }
  if (added) await bumpRevision('faqs')
  return added
}

/**
 * Makes the admin of ADMIN_EMAIL and ADMIN_PASSWORD, or raises the user who has that address; returns what was done.
 * Throws `StartupError` for a password that is too easy: without it a site would start that nobody can manage.
 */
export async function ensureAdmin(email: string, password: string): Promise<'made' | 'raised' | 'unchanged'> {
  const user = await findUserByEmail(email)
  if (!user) {
    try {
      await register({ email, password, name: 'Administrator', role: 'admin' })
      return 'made'
    }
    catch (error) {
      if (!(error instanceof AppError)) throw error
      // Another server that started at the same moment was quicker.
      if (error.code === 'CONFLICT') return 'unchanged'
      throw new StartupError(`ADMIN_PASSWORD is refused: ${error.message}`, { cause: error })
    }
  }
  const raised = await updateRole(user.id, 'admin')
  // An account without a password gets this one; a password somebody has chosen since is theirs.
  if (!user.passwordHash) await updatePasswordHash(user.id, await hashPassword(password))
  return raised ? 'raised' : 'unchanged'
}

async function makeDemoAccounts(): Promise<DemoAccount[]> {
  const accounts: DemoAccount[] = [
    { role: 'customer', email: 'anna@planner.example', password: inventPassword() },
    { role: 'admin', email: 'admin@planner.example', password: inventPassword() },
  ]
  await register({ ...accounts[0]!, name: 'Anna Demo' })
  await register({ ...accounts[1]!, name: 'Site Admin' })
  return accounts
}

/** What a start tells of the demo accounts it has made; nothing where there are none. */
export function demoAccountLines(accounts: DemoAccount[]): string[] {
  if (!accounts.length) return []
  return ['Sign in with one of these; the passwords are shown this once:', ...accounts.map(({ role, email, password }) => `  ${role.padEnd(8)}  ${email}  ${password}`)]
}

const words = ['olive', 'harbour', 'lemon', 'linen', 'garden', 'silver', 'cypress', 'island', 'violin', 'amber', 'terrace', 'meadow', 'lantern', 'coral', 'orchid', 'velvet', 'fountain', 'marble', 'cedar', 'jasmine', 'pebble', 'sunset', 'clover', 'heron', 'almond', 'breeze', 'ribbon', 'saffron', 'willow', 'pearl', 'canvas', 'copper']

/** Four words and a number: about 30 bits, easy to type, for an account on this machine's own demo. */
function inventPassword(): string {
  return `${Array.from({ length: 4 }, () => words[randomInt(words.length)]).join('-')}-${randomInt(1000, 10_000)}`
}
