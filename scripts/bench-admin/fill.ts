import type postgres from 'postgres'
import { words } from './bench-database'

const CONVERSATIONS = 100_000
const CUSTOMERS = 40_000
const DAYS = 730

type Say = (what: string) => void

/** A UUID v7 of that moment; `seed` makes it another one than its neighbours'. */
const idAt = (at: string, seed: string) => `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${seed}), 1, 3) || '8' || substr(md5(${seed}), 4, 15))::uuid`

/** Fills an empty, migrated database with two years of a busy site. Foreign keys are not checked meanwhile, and the larger indexes are made afterwards. */
export async function fill(sql: postgres.Sql, sentences: string[], say: Say): Promise<void> {
  await sql`select setseed(0.42)`
  await sql.unsafe('set session_replication_role = replica')
  await sql.unsafe('create temp table sentences (n int generated always as identity, words text)')
  for (let from = 0; from < sentences.length; from += 5000) await sql`insert into sentences ${sql(sentences.slice(from, from + 5000).map(text => ({ words: text })), 'words')}`
  const indexes = await sql<{ name: string, definition: string }[]>`
    select i.indexname as name, i.indexdef as definition from pg_indexes i join pg_class c on c.relname = i.indexname join pg_index x on x.indexrelid = c.oid
    where i.tablename in ('messages', 'conversations', 'feedback') and not x.indisprimary`
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`)
  await fillPeople(sql)
  say(`${CUSTOMERS.toLocaleString('en')} customers`)
  await fillConversations(sql)
  await fillMessages(sql, sentences.length)
  say('1,000,000 messages')
  await fillRatings(sql)
  await fillAudit(sql)
  await fillUnanswered(sql)
  say('Ratings, the audit log and unanswered questions')
  for (const { name, definition } of indexes) {
    await sql.unsafe(definition)
    if (name === 'messages_search_idx') say('The index of the search')
  }
  await sql.unsafe('set session_replication_role = origin')
  await sql.unsafe('vacuum analyze')
  say('Indexes and statistics')
}

async function fillPeople(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    with names as (select array['Anna','Ben','Cleo','Dion','Eleni','Fay','George','Ήρα','Ioanna','Jack','Κώστας','Lena','Μαρία','Nikos','Olga','Petros','Quinn','Rosa','Σοφία','Tom'] as first,
      array['Smith','Papadopoulos','Αντωνίου','Miller','Γεωργίου','Jones','Ιωάννου','Brown','Οικονόμου','Taylor','Weber','Rossi','García','Dubois','Novák'] as last)
    insert into users (id, email, name, role, created_at)
    select ${idAt('t.at', `'user' || i`)}, 'customer' || i || '@example.com', first[1 + i % 20] || ' ' || last[1 + (i / 20) % 15], case when i % 10000 = 0 then 'admin' else 'customer' end, t.at
    from names, generate_series(1, ${CUSTOMERS}) i, lateral (select now() - interval '${DAYS} days' + i * (interval '${DAYS} days' / ${CUSTOMERS + 10}) as at) t`)
  await sql.unsafe(`create temp table people as select row_number() over (order by id)::int as n, id from users where email like 'customer%'; create unique index on people (n); analyze people`)
}

/** 2, 4 … 18 messages each, ten on average; more of them lately, as on a site that grows. */
async function fillConversations(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create temp table talks as
    select i, p.id as customer, t.at, ${idAt('t.at', `'talk' || i`)} as id, case when i = ${CONVERSATIONS} then 10 else 2 * (1 + i % 9) end as size
    from (select i, now() - interval '3 hours' - interval '${DAYS} days' * (1 - power(i::float8 / ${CONVERSATIONS}, 0.7)) as at, 1 + floor(random() * ${CUSTOMERS})::int as who from generate_series(1, ${CONVERSATIONS}) i) t
    join people p on p.n = t.who`)
  await sql.unsafe(`
    insert into conversations (id, customer_id, status, started_at, ended_at, last_seq, last_message_at, version)
    select id, customer, case when newest and i % 3 = 0 then 'active' else 'closed' end, at, case when newest and i % 3 = 0 then null else at + size * interval '1 minute' end, size, at + size * interval '20 seconds' + interval '9 seconds', size
    from (select *, row_number() over (partition by customer order by i desc) = 1 as newest from talks) t order by at`)
}

/** Question and reply in turn. Half the replies are a FAQ's, a twelfth offers some, a quarter is RAG's, the rest is the fallback. */
async function fillMessages(sql: postgres.Sql, sentences: number): Promise<void> {
  const sentence = (seed: string) => `(select s.words from sentences s where s.n = 1 + abs(hashtext(${seed})) % ${sentences})`
  await sql.unsafe(`create unique index on sentences (n); analyze sentences; analyze talks`)
  await sql.unsafe(`
    create temp table turns as
    select t.id as talk, t.customer, seq, asked, asked + took as answered, ${idAt('asked', `t.i || 'q' || seq`)} as question, ${idAt('(asked + took)', `t.i || 'r' || seq`)} as reply, kind, luck, t.i,
      ${sentence(`t.i || 'q' || seq`)} || case
        when t.at < now() - interval '${DAYS - 200} days' and luck < 0.05 then ' ${words.old}'
        when luck > 0.99 then ' ${words.usual}'
        when t.i % 10000 = 7 and seq < 8 then ' ${words.rare}'
        else '' end as words
    from (select t.*, seq, at + seq * interval '20 seconds' as asked, random() as luck, random() as pick, random() as slow from talks t, lateral generate_series(1, t.size, 2) seq) t,
      lateral (select case when pick < 0.55 then 'faq' when pick < 0.63 then 'suggestion' when pick < 0.88 then 'rag' else 'fallback' end as kind) k,
      lateral (select case kind when 'rag' then (800 + 5000 * slow * slow) when 'fallback' then case when slow < 0.2 then 10000 else 15 + 60 * slow end else 1 + 8 * slow end * interval '1 millisecond' as took) l`)
  await sql.unsafe(`
    with choice as (select array_agg(id order by "order") as ids, array_agg(answer order by "order") as answers, array_agg(question order by "order") as questions, count(*)::int as many from faqs),
      setting as (select fallback_message from chat_config)
    insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_to, source, faq_id, score, suggestions, citations, reply_state)
    select * from (
      select question, talk, customer, seq, 'customer', words, asked as at, null::uuid, null::text, null::uuid, null::real, null::jsonb, null::jsonb, 'answered' from turns
      union all
      select reply, talk, customer, seq + 1, 'bot',
        case kind when 'faq' then answers[which] when 'suggestion' then 'Did you mean one of these?' when 'fallback' then fallback_message || ' Sorry that it is so.'
          else 'Here is what I found. ' || ${sentence(`i || 'x' || seq`)} || '. ' || ${sentence(`i || 'y' || seq`)} || '. ' || ${sentence(`i || 'z' || seq`)} || '.' end,
        answered, question, case kind when 'suggestion' then 'faq' else kind end, case kind when 'faq' then ids[which] end, (0.2 + 0.8 * luck)::real,
        case kind when 'suggestion' then jsonb_build_array(jsonb_build_object('faq_id', ids[which], 'question', questions[which])) else '[]' end,
        case kind when 'rag' then '[{"title":"Guide","url":"https://example.com/guide"}]'::jsonb else '[]' end, null
      from turns, choice, setting, lateral (select 1 + floor(many * luck * luck)::int as which) w
    ) all_of_them order by at`)
}

/** Every ninth reply is rated, seven in ten of them with thumbs up; every fourth with a comment. */
async function fillRatings(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    insert into feedback (id, message_id, customer_id, value, comment, created_at, updated_at)
    select ${idAt('at', `reply || 'f'`)}, reply, customer, case when random() < 0.7 then 'up' else 'down' end, case when i % 4 = 0 then words end, at, at
    from turns, lateral (select answered + interval '30 seconds' as at) t where luck between 0.3 and 0.41 order by at`)
}

async function fillAudit(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    insert into audit_log (id, actor_id, action, entity, entity_id, before, after, created_at)
    select ${idAt('at', `'audit' || i`)}, admins[1 + i % array_length(admins, 1)], 'update', case i % 5 when 0 then 'config' when 1 then 'user' else 'faq' end, faqs[1 + i % array_length(faqs, 1)]::text,
      jsonb_build_object('answer', 'As it was ' || i), jsonb_build_object('answer', 'As it is ' || i), at
    from (select array_agg(id) as admins from users where role = 'admin') a, (select array_agg(id) as faqs from faqs) f, generate_series(1, 50000) i,
      lateral (select now() - interval '${DAYS} days' + i * (interval '${DAYS} days' / 50001) as at) t`)
}

/** Every fallback and every suggestion of the last year that was not taken, in 20,000 groups of very different sizes; three in ten dealt with. */
async function fillUnanswered(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create temp table misses as select q.id as message, case r.source when 'fallback' then 'fallback' else 'suggestion' end as kind, q.created_at as at, q.text as words, 1 + floor(20000 * power(random(), 3))::int as which
      from messages r join messages q on q.id = r.reply_to
      where r.sender = 'bot' and r.created_at > now() - interval '1 year' and (r.source = 'fallback' or jsonb_array_length(r.suggestions) > 0)`)
  await sql.unsafe(`
    insert into unanswered_groups (id, question, wordings, status, occurrences, fallbacks, ignored_suggestions, earlier, first_seen_at, last_seen_at, resolution, resolved_at)
    select ${idAt('min(at)', `'group' || which`)}, min(words), '[]', case which % 10 when 0 then 'resolved' when 1 then 'resolved' when 2 then 'dismissed' else 'open' end,
      case when which % 10 > 2 then count(*) else 0 end, case when which % 10 > 2 then count(*) filter (where kind = 'fallback') else 0 end, case when which % 10 > 2 then count(*) filter (where kind = 'suggestion') else 0 end,
      case when which % 10 > 2 then 0 else count(*) end, min(at), max(at), case when which % 10 > 2 then null when which % 10 = 2 then 'dismiss' else 'phrasing' end, case when which % 10 > 2 then null else max(at) end
    from misses group by which`)
  await sql.unsafe(`
    insert into unanswered_questions (message_id, kind, group_id, asked_at, due_at, settled_at)
    select message, kind, ${idAt('min(at) over (partition by which)', `'group' || which`)}, at, at, case when which % 10 > 2 then null else max(at) over (partition by which) end from misses`)
}
