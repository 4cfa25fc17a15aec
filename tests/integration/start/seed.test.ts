import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eq, sql } from 'drizzle-orm'
import { faqs, users } from '#drizzle/schema'
import { seedFaqs } from '#drizzle/seed/faqs'
import { StartupError } from '#server/core/env'
import { db, rowsOf } from '#server/db/client'
import { findUserByEmail, insertUser } from '#server/db/users'
import { register, signIn } from '#server/services/accounts/accounts'
import { addSeedFaqs, ensureAdmin, seedNewDatabase } from '#server/services/seed'
import { openTestDatabase, type TestDatabase } from '../../support/test-database'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const countOf = async (table: 'faqs' | 'users') => (await rowsOf<{ count: number }>(sql.raw(`select count(*)::int as count from ${table}`)))[0]!.count
const enters = async (email: string, password: string) => (await signIn({ email, password, userAgent: null }))?.user ?? null

describe('filling a new database', () => {
  it('adds the FAQs, and where asked two accounts whose passwords are told once', async () => {
    const seeded = await seedNewDatabase({ demoAccounts: true })
    expect(seeded!.demoAccounts.map(({ role, email }) => [role, email])).toEqual([['customer', 'anna@planner.example'], ['admin', 'admin@planner.example']])
    for (const { role, email, password } of seeded!.demoAccounts) {
      expect(password).toMatch(/^(?:[a-z]+-){4}\d{4}$/)
      expect(await enters(email, password)).toMatchObject({ email, role })
    }
    expect(await countOf('faqs')).toBe(seedFaqs.length)
    const phrasings = await rowsOf<{ count: number }>(sql`select count(*)::int as count from faq_phrasings`)
    expect(phrasings[0]!.count).toBe(seedFaqs.flatMap(faq => faq.phrasings).length)
  })

  it('makes no account unless asked', async () => {
    await expect(seedNewDatabase({ demoAccounts: false })).resolves.toEqual({ demoAccounts: [] })
    expect(await countOf('users')).toBe(0)
  })

  it('happens once: what an admin has deleted does not come back', async () => {
    await seedNewDatabase({ demoAccounts: true })
    await db().delete(faqs).where(eq(faqs.question, seedFaqs[0]!.question))
    await expect(seedNewDatabase({ demoAccounts: true })).resolves.toBeNull()
    expect([await countOf('faqs'), await countOf('users')]).toEqual([seedFaqs.length - 1, 2])
  })

  it('happens once when several servers start at the same moment', async () => {
    const reports = await Promise.all([1, 2, 3].map(() => seedNewDatabase({ demoAccounts: false })))
    expect(reports.filter(Boolean)).toHaveLength(1)
    expect(await countOf('faqs')).toBe(seedFaqs.length)
  })

  it('leaves nothing behind when it fails half-way, so that the next start fills it', async () => {
    await register({ email: 'admin@planner.example', password: 'olive-harbour-lemon', name: 'Here already' })
    await expect(seedNewDatabase({ demoAccounts: true })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect([await countOf('faqs'), await countOf('users')]).toEqual([0, 1])
    await expect(seedNewDatabase({ demoAccounts: false })).resolves.not.toBeNull()
  })
})

it('the FAQs of the seed are added where they are missing, and only those', async () => {
  await expect(addSeedFaqs()).resolves.toBe(seedFaqs.length)
  await db().delete(faqs).where(eq(faqs.question, seedFaqs[1]!.question))
  const revision = async () => (await rowsOf<{ number: string }>(sql`select sum(revision)::text as number from revisions`))[0]!.number
  const before = await revision()
  await expect(addSeedFaqs()).resolves.toBe(1)
  const after = await revision()
  expect(after).not.toBe(before)
  await expect(addSeedFaqs()).resolves.toBe(0)
  expect(await revision()).toBe(after)
})

describe('the admin of ADMIN_EMAIL', () => {
  const email = 'Boss@example.com'
  const password = 'olive-harbour-lemon'

  it('is made, and stays as it is at the next start', async () => {
    await expect(ensureAdmin(email, password)).resolves.toBe('made')
    expect(await enters('boss@example.com', password)).toMatchObject({ role: 'admin', name: 'Administrator' })
    await expect(ensureAdmin(email, 'another-harbour-lemon')).resolves.toBe('unchanged')
    expect(await enters(email, password)).not.toBeNull()
  })

  it('is the customer who has that address, with their own password', async () => {
    await register({ email, password: 'my-own-secret-words', name: 'Bo' })
    await expect(ensureAdmin(email, password)).resolves.toBe('raised')
    expect(await enters(email, 'my-own-secret-words')).toMatchObject({ role: 'admin', name: 'Bo' })
    expect(await enters(email, password)).toBeNull()
  })

  it('gets the password where the account has none', async () => {
    await insertUser({ email, name: 'Bo', passwordHash: 'x', role: 'admin' })
    await db().update(users).set({ passwordHash: null })
    await expect(ensureAdmin(email, password)).resolves.toBe('unchanged')
    expect(await enters(email, password)).not.toBeNull()
  })

  it('is made once when several servers start at the same moment', async () => {
    const done = await Promise.all([ensureAdmin(email, password), ensureAdmin(email, password)])
    expect(done.sort()).toEqual(['made', 'unchanged'])
    expect(await countOf('users')).toBe(1)
  })

  it('is refused in a sentence with a password that is the first guess', async () => {
    const refused = ensureAdmin('administrator@example.com', 'administrator1')
    await expect(refused).rejects.toThrow(StartupError)
    await expect(refused).rejects.toThrow('ADMIN_PASSWORD is refused: Choose a password that is not made of your e-mail address or your name.')
    expect(await findUserByEmail('administrator@example.com')).toBeNull()
  })
})
