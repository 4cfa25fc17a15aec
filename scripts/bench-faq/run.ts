/**
 * npm run bench:faq [-- --data <folder> --reuse --no-times] – the product beside the peers on the development sites, same scorer, same run.
 * Writes docs/benchmarks/faq.md. Sites in the repository: bench-data/dev; a second folder may hold those whose
 * licences keep them out of it (hint3-curekart, stackfaq). `--reuse` takes the answers of methods that ran before from
 * node_modules/.cache/bench-faq; `--no-times` leaves out times and memory, for a machine that is busy with other things.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { THRESHOLDS } from '../../server/services/answering/faq-matcher/decide'
import { METHODS } from './methods'
import { commonThreshold, type Figures, figures, meanFigures, type Scored } from './score'
import { measureSpeed } from './speed'

const { values } = parseArgs({
  options: {
    'reuse': { type: 'boolean', default: false },
    'no-times': { type: 'boolean', default: false },
    'methods': { type: 'string', default: Object.keys(METHODS).join(';') },
    'data': { type: 'string', default: '../shared/faq-bench/dev' },
    'out': { type: 'string', default: 'docs/benchmarks/faq.md' },
  },
})
const OWN = ['clinc', 'banking77', 'wedding']
const EXTRA = ['hint3-curekart', 'stackfaq'].filter(set => existsSync(`${values.data}/${set}.kb5.jsonl`))
const SITES = [...OWN.slice(0, 2), ...EXTRA, 'wedding']

const CACHE = 'node_modules/.cache/bench-faq'

interface Outcome { results: Record<string, Scored[]>, residentMb: number }

function runMethod(name: string): Outcome {
  const out = join(CACHE, `${name.replace(/\W+/g, '-')}.json`)
  if (values.reuse && existsSync(out)) return JSON.parse(readFileSync(out, 'utf8')) as Outcome
  process.stderr.write(`${name}\n`)
  const sites = [...[...OWN, 'weddinggreek'].map(set => `bench-data/dev:${set}`), ...EXTRA.map(set => `${values.data}:${set}`)]
  if (existsSync(`${values.data}/hint3v1-curekart.kbfull.jsonl`)) sites.push(`${values.data}:hint3v1-curekart`)
  const child = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/bench-faq/predict.ts', name, sites.join(','), out], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (child.status !== 0) throw new Error(`${name} failed`)
  return JSON.parse(readFileSync(out, 'utf8')) as Outcome
}

const percent = (x: number) => (100 * x).toFixed(1)
const cells = (f: Figures) => [f.top1, f.top3, f.correct, f.wrong, f.at5].map(percent).join(' | ')
const HEAD = '| method | top-1 | top-3 | correct decisions | wrong | right at 5 % wrong |\n|---|---|---|---|---|---|'

function median(list: number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1] ?? NaN
}

mkdirSync(CACHE, { recursive: true })
const outcomes = values.methods.split(';').map(name => ({ name, ...runMethod(name) }))
const lines: string[] = [
  '# FAQ matching on the development sites', '',
  `Written by \`npm run bench:faq\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}. How it is counted: [docs/matcher.md](../matcher.md#how-it-is-measured).`,
  `Sites: ${SITES.join(', ')}. One threshold a method and setting for all sites (the one with the best mean of correct decisions), because a new site has no labels.`, '',
]
lines.push(...keptNotes(), '')
for (const kb of ['kb1', 'kb5']) {
  lines.push(`## ${kb === 'kb1' ? 'One question a FAQ (kb1)' : 'One question and up to five phrasings a FAQ (kb5)'}`, '')
  const thresholds = new Map(outcomes.map(({ name, results }) => [name, commonThreshold(SITES.map(set => results[`${set}.${kb}`]!))]))
  lines.push(`### Mean of ${SITES.length} sites`, '', HEAD)
  for (const { name, results } of outcomes) {
    lines.push(`| ${name} | ${cells(meanFigures(SITES.map(set => figures(results[`${set}.${kb}`]!, thresholds.get(name)!))))} |`)
  }
  for (const set of [...SITES, 'weddinggreek']) {
    lines.push('', `### ${set}`, '', HEAD)
    for (const { name, results } of outcomes) lines.push(`| ${name} | ${cells(figures(results[`${set}.${kb}`]!, thresholds.get(name)!))} |`)
  }
  lines.push('')
}
const full = outcomes.filter(({ results }) => results['hint3v1-curekart.kbfull'])
if (full.length) {
  lines.push('## HINT3 v1 curekart, all training phrasings', '', 'Threshold from the kb5 setting.', '', HEAD)
  for (const { name, results } of full) {
    const threshold = commonThreshold(SITES.map(set => results[`${set}.kb5`]!))
    lines.push(`| ${name} | ${cells(figures(results['hint3v1-curekart.kbfull']!, threshold))} |`)
  }
  lines.push('')
}
lines.push('## Strictness', '', 'Wrong answers of all questions, and right answers of in-scope ones, at the product\'s fixed thresholds (mean of the sites).', '', ...strictnessTable(), '')
if (!values['no-times']) lines.push(...timesTable(), '', ...await measureSpeed(), '')
mkdirSync('docs/benchmarks', { recursive: true })
writeFileSync(values.out, lines.join('\n'))
process.stderr.write(`written to ${values.out}\n`)

function strictnessTable(): string[] {
  const rows = ['| strictness | setting | mode | wrong | right |', '|---|---|---|---|---|']
  for (const [strictness, { answer }] of Object.entries(THRESHOLDS)) {
    for (const kb of ['kb1', 'kb5']) {
      for (const { name, results } of outcomes.slice(0, 2)) {
        const perSite = SITES.map((set) => {
          const site = results[`${set}.${kb}`]!
          const right = site.filter(x => x.gold !== null && x.ranked[0]?.[0] === x.gold && x.ranked[0][1] >= answer).length
          return { wrong: figures(site, answer).wrong, right: right / site.filter(x => x.gold !== null).length }
        })
        const average = (key: 'wrong' | 'right') => perSite.reduce((sum, x) => sum + x[key], 0) / perSite.length
        rows.push(`| ${strictness} (≥ ${answer}) | ${kb} | ${name.split(', ')[1]} | ${percent(average('wrong'))} | ${percent(average('right'))} |`)
      }
    }
  }
  return rows
}

function timesTable(): string[] {
  const rows = outcomes.map(({ name, results, residentMb }) => `| ${name} | ${Math.round(median(Object.values(results).flat().map(x => x.us)))} | ${residentMb} |`)
  const about = 'Median per question on these small sites (26 to 50 FAQs), and resident memory of the whole process after all of them.'
  return ['## Time and memory of the methods', '', about, '', '| method | µs | MB |', '|---|---|---|', ...rows]
}

/** What was written by hand about the figures: whoever runs this again checks that it still holds. */
function keptNotes(): string[] {
  const old = existsSync(values.out) ? readFileSync(values.out, 'utf8') : ''
  return old.match(/<!-- notes: kept between runs -->[^]*?<!-- end of notes -->/)?.slice(0, 1) ?? []
}
