import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { setDatabase, type Db } from '#server/db/client'
import { browseConversations } from '#server/services/admin/browse-conversations'
import { browseUsers } from '#server/services/people/browse-users'
import { reportAnalytics } from '#server/services/analytics/report'
import { analyticsQuery } from '#shared/contracts/admin-analytics'
import { listUsersQuery } from '#shared/contracts/admin-people'
import { listAdminConversationsQuery } from '#shared/contracts/admin-records'
import type { Measured } from './run'

/** Asks the slowest ones again, in this process, with PostgreSQL telling the plan of each statement (auto_explain). */
export async function explainSlowest(url: string, slowest: Measured[]): Promise<string> {
  let plans: { ms: number, plan: string }[] = []
  const client = postgres(url, {
    max: 1,
    connection: { jit: 'off' },
    onnotice: ({ message }) => {
      const [, ms, plan] = message?.match(/^duration: ([\d.]+) ms\s+plan:\n([\s\S]*)$/) ?? []
      if (plan) plans.push({ ms: Number(ms), plan })
    },
  })
  try {
    await client.unsafe(`load 'auto_explain'; set auto_explain.log_min_duration = 1; set auto_explain.log_analyze = on; set auto_explain.log_level = notice; set client_min_messages = notice`)
  }
  catch {
    await client.end()
    return 'Not here: the database user may not load auto_explain.\n'
  }
  setDatabase({ db: drizzle(client) as unknown as Db, kind: 'postgres', exclusive: false, runScript: async script => void await client.unsafe(script), openFeed: () => Promise.reject(new Error('Nothing listens here')), close: () => client.end() })
  const sections: string[] = []
  for (const { name, slowest: path, p95 } of slowest) {
    plans = []
    await askAgain(path)
    const worst = plans.sort((a, b) => b.ms - a.ms)[0]
    const all = plans.map(({ ms }) => `${ms.toFixed(0)} ms`).join(', ')
    sections.push(`### ${name} (p95 ${p95.toFixed(0)} ms)\n\`GET /api/admin/${path.replace(/cursor=[\w-]+/, 'cursor=…')}\`: ${plans.length} statements of a millisecond or more (${all}). The longest:\n\n\`\`\`\n${worst ? shorten(worst.plan) : 'none'}\n\`\`\`\n`)
  }
  setDatabase(undefined)
  await client.end()
  return sections.join('\n')
}

async function askAgain(path: string): Promise<unknown> {
  const [what, search = ''] = path.split('?')
  const query = Object.fromEntries(new URLSearchParams(search))
  if (what === 'analytics') return reportAnalytics(analyticsQuery.parse(query))
  if (what === 'users') return browseUsers(listUsersQuery.parse(query))
  if (what === 'conversations') return browseConversations(listAdminConversationsQuery.parse(query))
  return undefined
}

/** The plan without the statement's text. */
const shorten = (plan: string) => plan.replace(/^Query Text:[\s\S]*?\n(?=\S.*\(cost=)/, '').split('\n').map(line => line.slice(0, 170)).slice(0, 40).join('\n')
