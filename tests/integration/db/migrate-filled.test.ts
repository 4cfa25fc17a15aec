import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { isSchemaCurrent, migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { migrations } from '../../support/database-template'
import { emptyDatabase, type EmptyDatabase } from '../../support/empty-database'

let place: EmptyDatabase
let database: Database
beforeAll(async () => {
  place = await emptyDatabase()
  database = await openDatabase({ DATABASE_URL: place.url, DATA_DIR: place.dataDir, DATABASE_POOL: 4 })
})
afterAll(async () => {
  setDatabase(undefined)
  await database.close()
  await place.drop()
})

const id = (n: number) => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** What a site has at each version: written as that version's tables were. Tables of later versions are filled where they are there. */
const rows: Record<string, string> = {
  users: `(id, email, name, password_hash, role, disabled_at) values ('${id(1)}', 'Anna@Example.com', 'Άννα', 'scrypt$1', 'customer', null), ('${id(2)}', 'ada@example.com', 'Ada', null, 'admin', null), ('${id(3)}', 'gone@example.com', 'Gone', null, 'customer', now())`,
  sessions: `(id, token_hash, user_id, expires_at) values ('${id(10)}', 'hash', '${id(1)}', now() + interval '1 day')`,
  wedding_plans: `(customer_id, wedding_date, guests, budget_euros) values ('${id(1)}', '2027-06-20', 120, 20000)`,
  wedding_plan_tasks: `(customer_id, task_key) values ('${id(1)}', 'venue')`,
  faqs: `(id, question, question_key, answer) values ('${id(20)}', 'Does it rain?', 'does it rain', 'Βρέχει σπάνια.'), ('${id(21)}', 'Dogs?', 'dogs', 'Yes.')`,
  faq_phrasings: `(id, faq_id, text, position) values ('${id(22)}', '${id(20)}', 'Rain?', 0)`,
  conversations: `(id, customer_id, status, last_seq, last_message_at) values ('${id(30)}', '${id(1)}', 'active', 6, now()), ('${id(31)}', '${id(1)}', 'closed', 0, null), ('${id(32)}', '${id(3)}', 'active', 1, now() - interval '400 days')`,
  messages: `(id, conversation_id, customer_id, seq, sender, text, created_at, faq_id, reply_to, source, score, suggestions, reply_state) values
    ('${id(40)}', '${id(30)}', '${id(1)}', 1, 'customer', 'Βρέχει;', now() - interval '3 days', null, null, null, null, null, 'answered'), ('${id(41)}', '${id(30)}', '${id(1)}', 2, 'bot', 'Βρέχει σπάνια.', now() - interval '3 days', '${id(20)}', '${id(40)}', 'faq', 0.9, '[]', null),
    ('${id(42)}', '${id(30)}', '${id(1)}', 3, 'customer', 'zxqv?', now() - interval '2 days', null, null, null, null, null, 'answered'), ('${id(43)}', '${id(30)}', '${id(1)}', 4, 'bot', 'Not sure.', now() - interval '2 days', null, '${id(42)}', 'fallback', 0.1, null, null),
    ('${id(44)}', '${id(30)}', '${id(1)}', 5, 'customer', 'rain or dogs', now() - interval '1 day', null, null, null, null, null, 'answered'), ('${id(45)}', '${id(30)}', '${id(1)}', 6, 'bot', 'Did you mean', now() - interval '1 day', null, '${id(44)}', 'faq', 0.5, '[{"faq_id":"${id(20)}","question":"Does it rain?"}]', null),
    ('${id(46)}', '${id(32)}', '${id(3)}', 1, 'customer', 'Still waiting', now() - interval '400 days', null, null, null, null, null, 'pending')`,
  feedback: `(id, message_id, customer_id, value, comment) values ('${id(50)}', '${id(41)}', '${id(1)}', 'down', 'Όχι'), ('${id(51)}', '${id(43)}', '${id(1)}', null, null)`,
  feedback_deliveries: `(id, feedback_id, version, payload) values ('${id(60)}', '${id(50)}', 1, '{"feedback_id":"${id(50)}"}')`,
  chat_config: `(id, bot_name, greeting, fallback_message, polling_interval_ms, rag_timeout_ms, rag_late_answer_ms) values ('${id(70)}', 'Bot', 'Hello', 'Not sure.', 2500, 10000, 30000)`,
  revisions: `(scope, revision) values ('faqs', 3)`,
  audit_log: `(id, actor_id, action, entity, entity_id, before, after) values ('${id(80)}', '${id(2)}', 'update', 'faq', '${id(20)}', '{"answer":"x"}', '{"answer":"y"}')`,
  faq_negatives: `(id, faq_id, question, feedback_id) values ('${id(90)}', '${id(20)}', 'Βρέχει;', '${id(50)}')`,
  faq_vectors: `(hash, model, vector) values ('h', 'm', 'AAAA')`,
  analytics_days: `(day, conversations, messages, questions, faq, suggestion, rag, fallback, up, down) values ('2026-01-01', 1, 2, 1, 1, 0, 0, 0, 0, 1)`,
  unanswered_groups: `(id, question, first_seen_at, last_seen_at) values ('${id(95)}', 'zxqv?', now(), now())`,
}

const tablesNow = async () => (await rowsOf<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`)).map(row => row.name)
/** The rows of a table in the columns it had, whatever a later version adds. */
async function contentOf(table: string, columns?: string[]): Promise<Record<string, unknown>[]> {
  const all = await rowsOf<{ row: Record<string, unknown> }>(sql`select to_jsonb(t) as row from ${sql.identifier(table)} t order by to_jsonb(t)::text`)
  return all.map(({ row }) => Object.fromEntries(Object.entries(row).filter(([name]) => !columns || columns.includes(name)).sort()))
}
/** Tables, columns, defaults, constraints, indexes, triggers and functions, as the database itself spells them. */
const shape = () => rowsOf(sql`
  select 'column' as kind, table_name || '.' || column_name as name, concat_ws(' ', data_type, is_nullable, column_default) as says from information_schema.columns where table_schema = 'public'
  union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
  union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
  union all select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select 'function', proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace order by 1, 2`)

describe('a database filled by an earlier version', () => {
  let fresh: unknown
  beforeAll(async () => {
    await database.runScript('drop schema public cascade; create schema public')
    await migrate(database, migrations, place.url)
    fresh = await shape()
  })

  it.each(migrations.map((migration, at) => [migration.tag, at] as const))('by %s comes through with every row, in the shape of a new one', async (_, at) => {
    await database.runScript('drop schema public cascade; create schema public')
    await migrate(database, migrations.slice(0, at + 1), place.url)
    const there = await tablesNow()
    for (const [table, values] of Object.entries(rows)) if (there.includes(table)) await database.runScript(`insert into ${table} ${values}`)
    const before = new Map<string, Record<string, unknown>[]>()
    for (const table of there.filter(name => name in rows)) before.set(table, await contentOf(table))

    const { applied } = await migrate(database, migrations, place.url)
    expect(applied).toEqual(migrations.slice(at + 1).map(migration => migration.tag))
    expect(await isSchemaCurrent(database, migrations)).toBe(true)
    for (const [table, content] of before) expect([table, await contentOf(table, Object.keys(content[0]!))]).toEqual([table, content])
    expect(await shape()).toEqual(fresh)
    // What was not answered is noted since the version that looks after it.
    const noted = await rowsOf<{ kind: string }>(sql`select kind from unanswered_questions order by 1`)
    if (at < migrations.findIndex(migration => migration.tag === '0006_people_and_unanswered')) expect(noted.map(row => row.kind)).toEqual(['fallback', 'suggestion', 'thumbs_down'])
  })

  it('is migrated once by four servers that start at the same moment', async () => {
    await database.runScript('drop schema public cascade; create schema public')
    await migrate(database, migrations.slice(0, 1), place.url)
    for (const table of (await tablesNow()).filter(name => name in rows).sort((a, b) => Object.keys(rows).indexOf(a) - Object.keys(rows).indexOf(b))) await database.runScript(`insert into ${table} ${rows[table]}`)
    const servers = database.kind === 'pglite' ? 1 : 4
    const reports = await Promise.all(Array.from({ length: servers }, () => migrate(database, migrations, place.url)))
    expect(reports.flatMap(report => report.applied).sort()).toEqual(migrations.slice(1).map(migration => migration.tag))
    expect((await contentOf('messages')).length).toBe(7)
  })
})
