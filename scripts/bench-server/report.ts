import type { Row, Widgets } from './scenarios'

export interface Results {
  date: string
  machine: string
  node: string
  postgres: string
  /** Of the last minute, at the end. */
  loadAverage: number
  seconds: number
  /** One try of open widgets instead of a search, and no growth. */
  short: boolean
  rows: Row[]
  /** By what the server keeps its data in, ms from the process's start to the first good answer of /api/health/ready. */
  ready: Record<string, number>
  widgets: Widgets | null
  /** Requests a second of idle polls, by one server and by two processes. */
  two: { how: string, one: number, both: number } | null
  /** p50 in ms by number of messages in the database, asked by one caller. */
  growth: { messages: number, poll: number, send: number }[]
  long: { messages: number, poll: number, send: number }[]
}

const number = (value: number | null, digits = 0) => value === null || !Number.isFinite(value) ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const find = (results: Results, name: string) => results.rows.find(row => row.name === name)
const ratio = (results: Results, name: string, kind: string) => (find(results, `${name}, ${kind}`)?.perSecond ?? Number.NaN) / (find(results, `bare route, ${kind}`)?.perSecond ?? Number.NaN)

/** Each goal, what was measured, and whether it was met. */
export function goals(results: Results): { goal: string, measured: string, met: boolean | null }[] {
  const post = find(results, 'FAQ answer, PostgreSQL')
  const bare = find(results, 'bare route, PostgreSQL')
  const asked = Math.round((bare?.perSecond ?? Number.NaN) * 2.5 * 0.5)
  const [small, big] = [results.growth[0], results.growth.at(-1)]
  const [fresh, long] = results.long
  const grown = small && big ? Math.max(big.poll / small.poll, big.send / small.send) : null
  const lengthened = fresh && long ? long.poll / fresh.poll : null
  const poll = ratio(results, 'idle poll', 'PostgreSQL')
  const sent = ratio(results, 'FAQ answer', 'PostgreSQL')
  return [
    { goal: 'idle poll ≥ 0.6 × bare', measured: `${number(poll, 2)} × (${number(find(results, 'idle poll, PostgreSQL')?.perSecond ?? null)}/s)`, met: poll >= 0.6 },
    { goal: 'FAQ answer ≥ 0.15 × bare', measured: `${number(sent, 2)} × (${number(post?.perSecond ?? null)}/s)`, met: sent >= 0.15 },
    { goal: 'FAQ answer: at most 2 round trips', measured: number(post?.queries ?? null, 2), met: post?.queries == null ? null : post.queries <= 2.05 },
    { goal: 'FAQ answer: p95 under 50 ms, 32 customers at once', measured: `${number(post?.p95 ?? null, 1)} ms`, met: post ? post.p95 < 50 : null },
    { goal: `open widgets ≥ bare/s × 2.5 × 0.5 = ${number(asked)}`, measured: results.widgets ? `${results.widgets.held ? '' : 'fewer than '}${number(results.widgets.widgets)} (p95 ${number(results.widgets.p95, 1)} ms)` : 'not measured', met: results.widgets && !results.short ? results.widgets.held && results.widgets.widgets >= asked : null },
    { goal: 'two processes ≥ 1.6 × one', measured: results.two ? `${number(results.two.both / results.two.one, 2)} × (${results.two.how}; generator on the same cores)` : 'not measured', met: results.two ? results.two.both / results.two.one >= 1.6 : null },
    ...Object.entries(results.ready).map(([kind, ms]) => ({ goal: `ready, ${kind}: ${kind === 'PGlite' ? 3 : 1} s`, measured: `${number(ms)} ms`, met: ms <= (kind === 'PGlite' ? 3_000 : 1_000) })),
    { goal: 'resident after load ≤ 250 MB', measured: `${number(post?.resident ?? null)} MB`, met: post?.resident ? post.resident <= 250 : null },
    { goal: `poll and send at most 1.2 × from ${number(small?.messages ?? null)} to ${number(big?.messages ?? null)} messages`, measured: `${number(grown, 2)} ×`, met: grown === null ? null : grown <= 1.2 },
    { goal: `a conversation of ${number(long?.messages ?? null)} messages as quick to poll as a new one`, measured: `${number(lengthened, 2)} ×`, met: lengthened === null ? null : lengthened <= 1.2 },
  ]
}

const mark = (met: boolean | null) => met === null ? '–' : met ? 'yes' : '**no**'

export function table(results: Results): string {
  const lines = results.rows.map(row => `| ${row.name} | ${number(row.perSecond)} | ${number(row.p50, 1)} | ${number(row.p95, 1)} | ${number(row.p99, 1)} | ${number(row.cpu)} | ${number(row.resident)} | ${number(row.queries, 2)} | ${row.wrong} |`)
  return ['| what (32 callers) | req/s | p50 ms | p95 ms | p99 ms | CPU % | resident MB | queries/request | wrong |', '|---|---:|---:|---:|---:|---:|---:|---:|---:|', ...lines].join('\n')
}

/** docs/benchmarks/server.md */
export function page(results: Results): string {
  const times = (title: string, rows: Results['growth']) => rows.length ? `\n## ${title}\n\n| messages | poll, p50 ms | send, p50 ms |\n|---:|---:|---:|\n${rows.map(row => `| ${number(row.messages)} | ${number(row.poll, 2)} | ${number(row.send, 2)} |`).join('\n')}\n` : ''
  return `# The server under load

Written by \`npm run bench\` on ${results.date}: ${results.seconds} s a scenario, Node ${results.node}, PostgreSQL ${results.postgres}, ${results.machine}; server, database and load generator share the machine, whose load average was ${results.loadAverage.toFixed(1)} at the end. The figures follow the machine: the ratios to the bare route, measured in the same run, are what counts. \`npm run bench -- --compare docs/benchmarks/server.json\` sets a new run beside this one.

| goal | measured | met |
|---|---|---|
${goals(results).map(({ goal, measured, met }) => `| ${goal} | ${measured} | ${mark(met)} |`).join('\n')}

${table(results)}

- **bare route**: \`/api/bench/bare\` of the same server (there with \`BENCH_ROUTE=on\` only), which answers 204 and does nothing else.
- **idle poll**: signed in, \`If-None-Match\`, 304; from memory ([decision 22](../decisions/0022-polls-from-memory.md)).
- **poll from the database**: a poll without \`If-None-Match\` that brings an empty list.
- **FAQ answer**: \`POST /messages\` with a question the FAQs answer, \`RATE_LIMITS=off\`, each caller another customer.
- **queries/request**: statements sent to the database meanwhile (\`vasiliasbot_database_statement_seconds_count\`), the server’s background work included, by request.
- The access log is on and goes to a file, as in production.
${times('As the database grows', results.growth)}${times('As one conversation grows', results.long)}`
}

/** Two runs beside each other, in requests a second. */
export function comparison(before: Results, after: Results): string {
  return after.rows.map((row) => {
    const old = find(before, row.name)
    return `${row.name.padEnd(36)} ${number(old?.perSecond ?? null).padStart(8)} → ${number(row.perSecond).padStart(8)}   ${old ? `${number(row.perSecond / old.perSecond, 2)} ×` : 'new'}`
  }).join('\n')
}
