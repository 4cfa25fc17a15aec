import { v7 } from 'uuid'
import { conversations, feedback, messages, users } from '#drizzle/schema'
import { readEnv, setEnv } from '#server/core/env'
import { setDatabase } from '#server/db/client'
import { listActiveFaqs } from '#server/db/faqs'
import { migrate, readMigrationsFrom } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { keepAnalytics } from '#server/services/analytics/keep-analytics'
import { seedNewDatabase } from '#server/services/seed'

const DAYS = 62
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const names = ['Anna Weber', 'Ben Miller', 'Chloe Dubois', 'Dimitris Ioannou', 'Elena Rossi', 'Fay Brown', 'George Taylor', 'Hanna Novak', 'Ioanna Markou', 'Jack Smith', 'Kostas Oikonomou', 'Lena Fischer', 'Maria Georgiou', 'Nikos Antoniou', 'Olga Petrova', 'Petros Laskaris', 'Rosa García', 'Sofia Vlachou', 'Tom Jones', 'Zoe Clarke']
/** What no FAQ answers, and whether a RAG service did. */
const others = ['Which flowers are in season in October?', 'Is there a ferry from Brindisi in May?', 'May we light lanterns on the beach?', 'Where can forty guests stay near Kanoni Terrace?', 'Do you know a band that plays swing?', 'Can the ceremony be in German?']

/** The same numbers each time, 0 to 1. */
function dice(seed: number) {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** Two months of a small site's conversations in a new embedded database, for pictures of the back office: more of them on some days, and more lately. */
export async function makeBusySite(dataDir: string): Promise<void> {
  setEnv(readEnv({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }))
  const database = await openDatabase({ DATA_DIR: dataDir, DATABASE_URL: undefined, DATABASE_POOL: 1 })
  try {
    await migrate(database, readMigrationsFrom('drizzle/migrations'), undefined)
    await seedNewDatabase({ demoAccounts: false })
    const faqs = await listActiveFaqs()
    const roll = dice(7)
    const customers = names.map((name, n) => ({ id: v7(), name, email: `customer-${n + 1}@example.com`, createdAt: new Date(Date.now() - (DAYS - n) * DAY) }))
    await database.db.insert(users).values(customers)
    const today = Math.floor(Date.now() / DAY) * DAY
    for (let day = DAYS; day > 0; day--) {
      for (let left = Math.round(1 + roll() * 3 + (DAYS - day) / 14); left > 0; left--) {
        const customer = customers[Math.floor(roll() * customers.length)]!
        const begun = today - day * DAY + (9 + roll() * 12) * 60 * MINUTE
        const id = v7({ msecs: begun })
        const turns = 1 + Math.floor(roll() * 4)
        const said: (typeof messages.$inferInsert)[] = []
        const rated: (typeof feedback.$inferInsert)[] = []
        for (let turn = 0; turn < turns; turn++) {
          const luck = roll()
          const kind = luck < 0.64 ? 'faq' : luck < 0.7 ? 'suggestion' : luck < 0.92 ? 'rag' : 'fallback'
          const asked = begun + turn * 2 * MINUTE
          const took = kind === 'rag' ? 900 + roll() * 2600 : 2 + roll() * 5
          const faq = faqs[Math.floor(roll() ** 2 * faqs.length)]!
          const other = others[Math.floor(roll() * others.length)]!
          const [question, reply] = [v7({ msecs: asked }), v7({ msecs: asked + took })]
          const common = { conversationId: id, customerId: customer.id }
          said.push(
            { ...common, id: question, seq: 2 * turn + 1, sender: 'customer', text: kind === 'faq' ? faq.question : other, createdAt: new Date(asked), replyState: 'answered' },
            { ...common, id: reply, seq: 2 * turn + 2, sender: 'bot', text: kind === 'faq' ? faq.answer : 'Here is what I found.', createdAt: new Date(asked + took), replyTo: question, source: kind === 'suggestion' ? 'faq' : kind, faqId: kind === 'faq' ? faq.id : null, suggestions: kind === 'suggestion' ? [{ faq_id: faq.id, question: faq.question }] : [], citations: [] },
          )
          if (roll() < 0.3) rated.push({ id: v7(), messageId: reply, customerId: customer.id, value: roll() < (kind === 'fallback' ? 0.1 : 0.88) ? 'up' : 'down', createdAt: new Date(asked + MINUTE), updatedAt: new Date(asked + MINUTE) })
        }
        const last = said.at(-1)!.createdAt
        await database.db.insert(conversations).values({ id, customerId: customer.id, status: 'closed', startedAt: new Date(begun), endedAt: last, lastSeq: said.length, lastMessageAt: last })
        await database.db.insert(messages).values(said)
        if (rated.length) await database.db.insert(feedback).values(rated)
      }
    }
    while (await keepAnalytics() > 0);
  }
  finally {
    setDatabase(undefined)
    await database.close()
  }
}
