import type { Sql } from 'postgres'

/** The same once more from the tables themselves, past everything the servers could tell or hide. */
export async function checkDatabase(sql: Sql): Promise<string[]> {
  const wrong: string[] = []
  const expectNone = async (what: string, rows: PromiseLike<readonly unknown[]>) => {
    const found = await rows
    if (found.length) wrong.push(`${what}: ${found.length}, the first ${JSON.stringify(found[0])}`)
  }
  await expectNone('questions without exactly one reply', sql`
    select q.id, q.reply_state, (select count(*)::int from messages r where r.reply_to = q.id and r.sender = 'bot') as replies from messages q
    where q.sender = 'customer' and (q.reply_state <> 'answered' or (select count(*) from messages r where r.reply_to = q.id and r.sender = 'bot') <> 1)`)
  await expectNone('client ids that are stored twice', sql`
    select customer_id, client_message_id from messages where client_message_id is not null group by 1, 2 having count(*) > 1`)
  await expectNone('conversations whose seq has gaps', sql`
    select c.id, c.last_seq, count(m.id)::int as messages, max(m.seq) as highest from conversations c left join messages m on m.conversation_id = c.id
    group by c.id having c.last_seq <> count(m.id) or coalesce(max(m.seq), 0) <> count(m.id)`)
  await expectNone('messages in somebody else’s conversation', sql`
    select m.id from messages m join conversations c on c.id = m.conversation_id where m.customer_id <> c.customer_id`)
  await expectNone('ratings of which a version was not queued, or not delivered', sql`
    select f.id, f.version from feedback f where (select count(*) from feedback_deliveries d where d.feedback_id = f.id and d.status = 'delivered') not in (0, f.version)
      or exists (select 1 from feedback_deliveries d where d.feedback_id = f.id and d.status <> 'delivered')`)
  return wrong
}
