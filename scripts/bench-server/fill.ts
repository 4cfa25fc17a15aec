import postgres, { type Sql } from 'postgres'

/** Messages of one conversation of other people's. */
const PER_TALK = 10
/** Conversations in one statement. */
const CHUNK = 20_000
/** Below this many messages the indexes stay while it fills: making them anew would take longer. */
const WORTH_DROPPING = 100_000
const HANDS = 2

interface Index { name: string, definition: string }

/**
 * Fills a migrated database up to so many messages of other people, spread over 700 days, with ids in the order of time as
 * the product makes them. Large amounts go in without indexes and without the triggers of keys (those of a superuser only),
 * by two connections; then the indexes are made and everything is vacuumed, so that nothing of it goes on afterwards.
 */
export async function fillTo(url: string, messages: number, say: (line: string) => void = () => {}): Promise<void> {
  const sql = postgres(url, { max: HANDS, onnotice: () => {}, connection: { synchronous_commit: 'off', maintenance_work_mem: '1GB', max_parallel_maintenance_workers: 1, statement_timeout: 0 } })
  try {
    const [{ there }] = await sql<[{ there: number }]>`select count(*)::int as there from messages`
    const talks = Math.ceil(Math.max(0, messages - there) / PER_TALK)
    const indexes = talks * PER_TALK < WORTH_DROPPING ? [] : await takeIndexes(sql)
    const chunks = Array.from({ length: Math.ceil(talks / CHUNK) }, (_, index) => index * CHUNK)
    await inHands(sql, chunks, async (hand, from) => {
      await addTalks(hand, from, Math.min(from + CHUNK, talks), talks)
      if (from > 0 && from % (CHUNK * 10) === 0) say(`${(from * PER_TALK).toLocaleString('en')} messages`)
    })
    // The search's indexes take longest: they begin first.
    indexes.sort((a, b) => Number(b.definition.includes('USING gin')) - Number(a.definition.includes('USING gin')))
    await inHands(sql, indexes, async (hand, { name, definition }) => {
      const began = performance.now()
      await hand.unsafe(definition)
      if (performance.now() - began > 5_000) say(`Index ${name} in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    })
    await sql`vacuum analyze`
    await sql`checkpoint`.catch(() => {})
  }
  finally {
    await sql.end({ timeout: 5 })
  }
}

/** Drops the indexes of the three large tables that no key stands on; what they were. */
async function takeIndexes(sql: Sql): Promise<Index[]> {
  const indexes = await sql<Index[]>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ('users'::regclass, 'conversations'::regclass, 'messages'::regclass) and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`
  for (const { name } of indexes) await sql`drop index ${sql(name)}`
  return [...indexes]
}

/** Has each piece of work done by one of two connections. */
async function inHands<Piece>(sql: Sql, pieces: Piece[], work: (hand: Sql, piece: Piece) => Promise<void>): Promise<void> {
  const left = [...pieces]
  await Promise.all(Array.from({ length: HANDS }, async () => {
    const hand = await sql.reserve()
    // Where it is not allowed, each row's keys are looked up: slower, no other difference.
    await hand`set session_replication_role = replica`.catch(() => {})
    try {
      for (let piece = left.shift(); piece !== undefined; piece = left.shift()) await work(hand, piece)
    }
    finally {
      hand.release()
    }
  }))
}

async function addTalks(sql: Sql, from: number, to: number, all: number): Promise<void> {
  const v7 = (ms: string) => `(lpad(to_hex(${ms}), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`
  const moment = (ms: string) => `to_timestamp(${ms} / 1000.0)`
  await sql.unsafe(`
    with talks as materialized (
      select ${v7('ms')} as id, ${v7('ms')} as customer_id, ms from (
        select ((extract(epoch from now()) - 86400 * 700 * (1 - n / $3::float8)) * 1000)::bigint as ms from generate_series($1::int, $2::int - 1) n) times
    ), people as (
      insert into users (id, email, name) select customer_id, customer_id || '@bench.example', 'Filler' from talks
    ), threads as (
      insert into conversations (id, customer_id, started_at, last_seq, last_message_at) select id, customer_id, ${moment('ms')}, ${PER_TALK}, ${moment(`(ms + ${PER_TALK * 1000})`)} from talks
    )
    insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_state, source)
    select ${v7('(ms + n * 1000)')}, id, customer_id, n, case n % 2 when 1 then 'customer' else 'bot' end, 'Something about ' || substr(id::text, 25, 6) || ' and the garden', ${moment('(ms + n * 1000)')},
      case n % 2 when 1 then 'answered' end, case n % 2 when 0 then 'faq' end
    from talks, generate_series(1, ${PER_TALK}) n`, [from, to, all])
}
