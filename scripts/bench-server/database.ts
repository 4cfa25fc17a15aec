import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { StartupError } from '#server/core/env'
import { SECRETS, usageOf } from './server'

export interface Customer { id: string, cookie: string, conversationId: string }
export interface BenchDatabase {
  url: string
  sql: Sql
  /** Processor seconds of the database's processes that serve this database so far; NaN where they cannot be seen from here. */
  cpu: () => Promise<number>
  drop: () => Promise<void>
}

const open = new Set<BenchDatabase>()

/** Drops what is left, for a run that is cut off. */
export const dropAll = () => Promise.all([...open].map(database => database.drop()))

/** A new, empty database on DATABASE_URL's server, else on 127.0.0.1:5432. Throws `StartupError`, which names the `command`, where there is none. */
export async function makeDatabase(command = 'npm run bench'): Promise<BenchDatabase> {
  const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const name = `vb_bench_${process.pid}_${randomBytes(3).toString('hex')}`
  const admin = postgres(server, { max: 1, connect_timeout: 3, onnotice: () => {} })
  try {
    await admin.unsafe(`create database ${name}`)
  }
  catch (cause) {
    await admin.end({ timeout: 1 })
    throw new StartupError(`${command} needs a PostgreSQL on which it may create databases, and ${new URL(server).host} refused (${(cause as { code?: string }).code ?? (cause as Error).message}): start one on 127.0.0.1:5432 or set DATABASE_URL.`, { cause })
  }
  const url = new URL(server)
  url.pathname = `/${name}`
  const sql = postgres(url.href, { max: 1, onnotice: () => {} })
  const database: BenchDatabase = {
    url: url.href,
    sql,
    cpu: async () => {
      const processes = await sql<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      return processes.reduce((sum, { pid }) => sum + usageOf(pid).cpu, 0)
    },
    drop: async () => {
      open.delete(database)
      await sql.end({ timeout: 2 })
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end({ timeout: 2 })
    },
  }
  open.add(database)
  return database
}

/** Customers who are signed in, each with an active conversation of `messages` messages (an even number). */
export async function addCustomers(sql: Sql, count: number, messages = 2): Promise<Customer[]> {
  const made = Array.from({ length: count }, () => {
    const token = randomBytes(32).toString('base64url')
    return { id: randomUUID(), session: randomUUID(), conversation: randomUUID(), token, hash: createHmac('sha256', SECRETS.AUTH_SECRET).update(token).digest('base64url') }
  })
  for (let from = 0; from < made.length; from += 1_000) {
    const rows = made.slice(from, from + 1_000)
    const [ids, sessions, conversations, hashes] = (['id', 'session', 'conversation', 'hash'] as const).map(field => rows.map(row => row[field])) as [string[], string[], string[], string[]]
    await sql`insert into users (id, email, name) select id, id || '@bench.example', 'Bench' from unnest(${ids}::uuid[]) id`
    await sql`insert into sessions (id, user_id, token_hash, expires_at) select s, u, h, now() + interval '1 day' from unnest(${sessions}::uuid[], ${ids}::uuid[], ${hashes}::text[]) as t(s, u, h)`
    await sql`insert into conversations (id, customer_id, last_seq, last_message_at, version) select c, u, ${messages}, now(), 2 from unnest(${conversations}::uuid[], ${ids}::uuid[]) as t(c, u)`
    await sql`insert into messages (id, conversation_id, customer_id, seq, sender, text, reply_state, source)
      select gen_random_uuid(), c, u, n, case n % 2 when 1 then 'customer' else 'bot' end, 'What does it cost in ' || n || '?', case n % 2 when 1 then 'answered' end, case n % 2 when 0 then 'faq' end
      from unnest(${conversations}::uuid[], ${ids}::uuid[]) as t(c, u), generate_series(1, ${messages}::int) n`
  }
  return made.map(({ id, token, conversation }) => ({ id, cookie: `vb_session=${token}`, conversationId: conversation }))
}
