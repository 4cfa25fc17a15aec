/**
 * npm run bench:faq [-- --data <folder> --reuse --no-times --minutes 15] – the product beside its peers on the
 * development sites, same scorer, same run. Writes docs/benchmarks/faq.md. Sites in the repository: bench-data/dev; a
 * second folder may hold those whose licences keep them out of it (hint3-curekart, stackfaq). `--reuse` takes the
 * answers of methods that ran before from node_modules/.cache/bench-faq; `--no-times` leaves out times and memory, for
 * a machine that is busy with other things; a method that takes longer than `--minutes` is left out.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LEFT_OUT, METHODS } from './methods'
import { report, type Outcome } from './report'
import type { Speed } from './speed'

const { values } = parseArgs({
  options: {
    'reuse': { type: 'boolean', default: false },
    'no-times': { type: 'boolean', default: false },
    'minutes': { type: 'string', default: '15' },
    'methods': { type: 'string', default: Object.keys(METHODS).join(';') },
    'data': { type: 'string', default: '../shared/faq-bench/dev' },
    'out': { type: 'string', default: 'docs/benchmarks/faq.md' },
  },
})
const CACHE = 'node_modules/.cache/bench-faq'
const EXTRA = ['hint3-curekart', 'stackfaq'].filter(set => existsSync(`${values.data}/${set}.kb5.jsonl`))
const SITES = ['clinc', 'banking77', ...EXTRA, 'wedding']
const FULL = existsSync(`${values.data}/hint3v1-curekart.kbfull.jsonl`) ? ['hint3v1-curekart'] : []

/** Runs Node beside this one; false when it had to be ended for its time. Throws when it fails. */
function run(args: string[], minutes = Infinity): Promise<boolean> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  let late = false
  const timer = Number.isFinite(minutes)
    ? setTimeout(() => {
        late = true
        child.kill('SIGKILL')
      }, minutes * 60_000)
    : undefined
  return new Promise((resolve, reject) => child.once('close', (code) => {
    clearTimeout(timer)
    if (code !== 0 && !late) reject(new Error(`${args.join(' ')} ended with ${code}`))
    else resolve(!late)
  }))
}

async function runMethod(name: string): Promise<Outcome> {
  const out = join(CACHE, `${name.replace(/\W+/g, '-')}.json`)
  const read = () => ({ name, ...JSON.parse(readFileSync(out, 'utf8')) as Omit<Outcome, 'name'> })
  if (values.reuse && existsSync(out)) return read()
  rmSync(out, { force: true })
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}\n`)
  const sites = ['clinc', 'banking77', 'wedding', 'weddinggreek'].map(set => `bench-data/dev:${set}`)
  for (const set of [...EXTRA, ...FULL]) sites.push(`${values.data}:${set}`)
  const done = await run(['--import', 'tsx', 'scripts/bench-faq/predict.ts', name, sites.join(','), out], Number(values.minutes))
  if (!done) process.stderr.write(`  ended after ${values.minutes} minutes: its tables are not complete\n`)
  return existsSync(out) ? read() : { name, results: {}, residentMb: NaN }
}

mkdirSync(CACHE, { recursive: true })
if (!existsSync(`${LEFT_OUT}/wedding/model.json`)) {
  process.stderr.write('weights without each development site (some minutes)\n')
  await run(['--import', 'tsx', 'scripts/matcher/build.ts', '--out', `${LEFT_OUT}/none`, '--left-out', LEFT_OUT])
}
const outcomes: Outcome[] = []
for (const name of values.methods.split(';')) outcomes.push(await runMethod(name))
const speeds: Speed[] = []
for (const faqs of values['no-times'] ? [] : ['100', '1000']) {
  process.stderr.write(`speed with ${faqs} FAQs\n`)
  const out = join(CACHE, `speed-${faqs}.json`)
  await run(['--expose-gc', '--import', 'tsx', 'scripts/bench-faq/speed.ts', faqs, out])
  speeds.push(JSON.parse(readFileSync(out, 'utf8')) as Speed)
}
mkdirSync('docs/benchmarks', { recursive: true })
writeFileSync(values.out, report(outcomes, { sites: SITES, minutes: Number(values.minutes), speeds }))
process.stderr.write(`written to ${values.out}\n`)
