import { readFileSync } from 'node:fs'
import { moduleTable, type Profile } from './profile'
import { OPENING_PER_SECOND, type Row, type Widgets } from './scenarios'

/** Medians in ms, asked by one caller, of a database or a conversation of so many messages. */
export interface Grown { messages: number, poll: number, send: number }

interface OneAndBoth { one: number, both: number }

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
  /** Of the scenarios on PostgreSQL. */
  profiles: Profile[]
  /** By what the server keeps its data in, ms from the process's start to the first good answer of /api/health/ready. */
  ready: Record<string, number>
  widgets: Widgets | null
  /** Requests a second of idle polls and of the home page, by one process and by two, and what a poll cost the generator in ms of a processor. */
  two: { polls: OneAndBoth, pages: OneAndBoth, /** Kept busy by pages. */ cores: OneAndBoth, /** Of a processor, a page. */ pageMs: OneAndBoth, generatorMs: number, wrong: number } | null
  /** In MB, at the end of each minute of load. */
  resident: number[]
  growth: Grown[]
  long: Grown[]
}

const number = (value: number | null, digits = 0) => value === null || !Number.isFinite(value) ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const find = (results: Results, name: string) => results.rows.find(row => row.name === name)
const ratio = (results: Results, name: string, kind: string) => (find(results, `${name}, ${kind}`)?.perSecond ?? Number.NaN) / (find(results, `bare route, ${kind}`)?.perSecond ?? Number.NaN)

const twice = (what: string, measured: OneAndBoth | undefined, wrong = 0) => ({
  goal: `two processes ≥ 1.6 × one: ${what}`,
  measured: measured ? `${number(measured.both / measured.one, 2)} × (WORKERS=2${wrong ? `; ${wrong} wrong` : ''})` : 'not measured',
  met: measured ? measured.both / measured.one >= 1.6 && !wrong : null,
})

/** Each goal, what was measured, and whether it was met. */
export function goals(results: Results): { goal: string, measured: string, met: boolean | null }[] {
  const post = find(results, 'FAQ answer, PostgreSQL')
  const bare = find(results, 'bare route, PostgreSQL')
  const asked = Math.round((bare?.perSecond ?? Number.NaN) * 2.5 * 0.5)
  const { two } = results
  const minutes = results.resident.length
  const resident = results.resident.at(-1) ?? post?.resident ?? null
  const peak = minutes ? ` (at most ${number(Math.max(...results.resident))} at a minute's end before)` : ''
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
    { goal: `open widgets ≥ bare/s × 2.5 × 0.5 = ${number(asked)}`, measured: results.widgets ? `${results.widgets.held ? '' : 'fewer than '}${number(results.widgets.widgets)} (for ${results.widgets.seconds} s, p95 ${number(results.widgets.p95, 1)} ms)` : 'not measured', met: results.widgets && bare && !results.short ? results.widgets.held && results.widgets.widgets >= asked : null },
    twice('idle polls, the generator on the same cores', two?.polls, two?.wrong),
    twice('the home page, the generator hardly there', two?.pages, two?.wrong),
    ...Object.entries(results.ready).map(([kind, ms]) => ({ goal: `ready, ${kind}: ${kind === 'PGlite' ? 3 : 1} s`, measured: `${number(ms)} ms`, met: ms <= (kind === 'PGlite' ? 3_000 : 1_000) })),
    { goal: `resident after ${minutes ? `${minutes} minutes of load` : 'load'} ≤ 250 MB`, measured: `${number(resident)} MB${peak}`, met: resident === null ? null : resident <= 250 },
    { goal: `poll and send at most 1.2 × from ${number(small?.messages ?? null)} to ${number(big?.messages ?? null)} messages`, measured: `${number(grown, 2)} ×`, met: grown === null ? null : grown <= 1.2 },
    { goal: `a conversation of ${number(long?.messages ?? null)} messages as quick to poll as a new one`, measured: `${number(lengthened, 2)} ×`, met: lengthened === null ? null : lengthened <= 1.2 },
  ]
}

const mark = (met: boolean | null) => met === null ? '–' : met ? 'yes' : '**no**'

export function table(results: Results): string {
  const lines = results.rows.map(({ cost, ...row }) => `| ${row.name} | ${number(row.perSecond)} | ${number(row.p50, 1)} | ${number(row.p95, 1)} | ${number(row.p99, 1)} | ${number(row.cpu)} | ${number(cost.server, 2)} | ${number(cost.database, 2)} | ${number(cost.generator, 2)} | ${number(row.resident)} | ${number(row.queries, 2)} | ${row.wrong} |`)
  return ['| what (32 callers) | req/s | p50 ms | p95 ms | p99 ms | CPU % | server ms | PostgreSQL ms | generator ms | resident MB | queries/request | wrong |', '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|', ...lines].join('\n')
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
- **server ms**, **PostgreSQL ms**, **generator ms**: processor time of a request, by who spends it; the three share the cores.
- **queries/request**: statements sent to the database meanwhile (\`vasiliasbot_database_statement_seconds_count\`), the server’s background work included, by request.
- The access log is on and goes to a file, as in production.
${widgets(results)}${twoProcesses(results)}${whereTheTimeGoes(results)}${times('As the database grows', results.growth)}${times('As one conversation grows', results.long)}`
}

function widgets({ widgets: open }: Results): string {
  if (!open) return ''
  return `
## Open widgets

${number(open.widgets)} widgets that poll every 2.5 s, opened ${OPENING_PER_SECOND} a second, with 5 messages a second beside them, for ${open.seconds} s: ${number(open.polls)} polls, p50 ${number(open.p50, 1)}, p95 ${number(open.p95, 1)}, p99 ${number(open.p99, 1)} ms, ${Object.keys(open.errors).length ? JSON.stringify(open.errors) : 'no error'}; p95 while they opened ${number(open.openingP95, 1)} ms. The server took ${number(open.cpu)} % of a core, the generator ${number(open.generator.cpuPercent)} %; the generator’s own delay (p99) was ${number(open.generator.delayP99, 1)} ms.
`
}

function twoProcesses({ two }: Results): string {
  if (!two?.cores) return ''
  const row = (name: string, key: keyof OneAndBoth) => `| ${name} | ${number(two.polls[key])} | ${number(two.pages[key])} | ${number(two.pageMs[key], 2)} | ${number(two.cores[key], 2)} |`
  return `
## Two processes

| | idle polls/s | home pages/s | processor ms a page | cores kept busy by pages |
|---|---:|---:|---:|---:|
${row('one', 'one')}
${row('`WORKERS=2`', 'both')}
`
}

/** What the profiles say, and what follows from them (where-the-time-goes.md, written by hand). */
function whereTheTimeGoes({ profiles }: Results): string {
  if (!profiles.length) return ''
  return `
## Where the time goes

${moduleTable(profiles)}

By CPU profiles of this run, taken after each scenario under the same load; a function’s own time, by the module it is in.

${readFileSync(new URL('./where-the-time-goes.md', import.meta.url), 'utf8').trim()}
`
}

/** Two runs beside each other, in requests a second. */
export function comparison(before: Results, after: Results): string {
  return after.rows.map((row) => {
    const old = find(before, row.name)
    return `${row.name.padEnd(36)} ${number(old?.perSecond ?? null).padStart(8)} → ${number(row.perSecond).padStart(8)}   ${old ? `${number(row.perSecond / old.perSecond, 2)} ×` : 'new'}`
  }).join('\n')
}
