import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos'
import { table } from './table'
import { whatIsMissing } from './what-is-missing'

/*
 * npm run chaos: two servers of the real build over a PostgreSQL of its own, customers that send, rate and poll, a RAG
 * service that is ill all along, and faults at random moments; then it counts (docs/reliability.md). Exit code 1 where
 * anything is wrong.
 */
const { values: options } = parseArgs({ options: {
  'kills': { type: 'string', default: '100' },
  'restarts': { type: 'string', default: '20' },
  'cuts': { type: 'string', default: '50' },
  'disk-full': { type: 'string', default: '3' },
  'clock-jumps': { type: 'string', default: '6' },
  'customers': { type: 'string', default: '8' },
  'disk-megabytes': { type: 'string', default: '400' },
  'seed': { type: 'string', default: String(Date.now() % 1_000_000) },
  'entry': { type: 'string', default: '.output/server/index.mjs' },
  /** Takes the report as JSON. */
  'json': { type: 'string' },
} })
const number = (name: keyof typeof options) => {
  const value = Number(options[name])
  if (!Number.isInteger(value) || value < 0) fail(`--${name} has to be a whole number from 0 on.`)
  return value
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

const plan = { kills: number('kills'), restarts: number('restarts'), cuts: number('cuts'), diskFull: number('disk-full'), clockJumps: number('clock-jumps') }
const entry = resolve(options.entry)
if (!existsSync(entry)) fail(`There is no build at ${entry}: make one with npm run build, or name one with --entry.`)
const missing = whatIsMissing({ diskFull: plan.diskFull > 0 })
if (missing) fail(`It cannot run: ${missing}`)

const report = await runChaos({ plan, entry, seed: number('seed'), customers: number('customers'), diskMegabytes: number('disk-megabytes'), say: line => console.log(line) })
console.log(table(report))
if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
process.exit(report.wrong.length ? 1 : 0)
