/** From utterances and sites to metrics and signals: what `npm run matcher:build` fits its weights on. */
import type { MatcherArtifacts } from '../../server/services/answering/faq-matcher/artifacts'
import { ENCODER_WIDTH, withEncodedFaqs } from '../../server/services/answering/faq-matcher/encode-faqs'
import { spreadOf } from '../../server/services/answering/faq-matcher/encoder/encoder-space'
import { buildFaqIndex } from '../../server/services/answering/faq-matcher/index-builder'
import type { RankerModel } from '../../server/services/answering/faq-matcher/rank'
import { scoreSignals } from '../../server/services/answering/faq-matcher/signals/score'
import { applyMetric, joinRows, staticSum } from '../../server/services/answering/faq-matcher/signals/vectors'
import { analyse, encoderText } from '../../server/services/answering/faq-matcher/text/analyse'
import { GREEK_GLOSSARY } from '../../server/services/answering/faq-matcher/text/glossary-el'
import { words } from '../../server/services/answering/faq-matcher/text/normalise'
import { segments } from '../../server/services/answering/faq-matcher/text/sentences'
import type { EncoderStore } from './encoder-store'
import type { ScoredSite } from './fit-ranker'
import { fitMetric } from './metric'
import { sourceOf, type TrainingSite, type Utterance } from './training-data'

export const STATIC_METRIC_WIDTH = 160
export const ENCODER_METRIC_WIDTH = 200
/** Share of the best sentence in a message's score: a compromise, from trials at 0, 0.3, 0.5 and 0.7 that differed by half a point. */
export const SEGMENT_SHARE = 0.3
const BACKGROUND_PER_INTENT = 6

export type Tables = Omit<MatcherArtifacts, 'staticMetric' | 'encoderMetric' | 'background' | 'backgroundEncoded' | 'plainSpread' | 'model'>

/** Words that the tables should know whatever their frequency. */
export function ownWords(utterances: Utterance[], sites: TrainingSite[]): Set<string> {
  const all = new Set<string>()
  for (const { text } of utterances) for (const word of words(text)) all.add(word)
  for (const site of sites) for (const faq of site.faqs) for (const word of words(`${faq.question} ${faq.phrasings.join(' ')} ${faq.answer}`)) all.add(word)
  for (const { english } of GREEK_GLOSSARY.values()) for (const word of english) all.add(word)
  return all
}

/** Metric and background without some sources: a site must not be judged by a metric that has seen its intents. */
export async function artifactsWithout(store: EncoderStore, sources: readonly string[], tables: Tables, utterances: Utterance[], model: RankerModel): Promise<MatcherArtifacts> {
  const artifacts = { ...tables, model } as MatcherArtifacts
  const used = utterances.filter(utterance => !sources.includes(sourceOf(utterance)))
  const analyses = used.map(({ text }) => analyse(text, { artifacts }))
  await store.ensure(analyses.map(encoderText))
  const sums = analyses.map(({ english }) => staticSum(artifacts, english))
  const known = used.map((_, i) => i).filter(i => sums[i])
  artifacts.staticMetric = fitMetric(known.map(i => sums[i]!), known.map(i => used[i]!.intent), STATIC_METRIC_WIDTH)
  artifacts.encoderMetric = fitMetric(analyses.map(a => store.get(encoderText(a))), used.map(({ intent }) => intent), ENCODER_METRIC_WIDTH)
  const taken = new Map<string, number>()
  const background = utterances.filter((utterance) => {
    if (sourceOf(utterance) !== (sources.includes('hwu') ? 'clinc' : 'hwu')) return false
    const count = (taken.get(utterance.intent) ?? 0) + 1
    taken.set(utterance.intent, count)
    return count <= BACKGROUND_PER_INTENT
  }).map(({ text }) => text)
  artifacts.background = background
  artifacts.plainSpread = spreadOf(joinRows(background.map(text => store.get(encoderText(analyse(text, { artifacts })))), ENCODER_WIDTH), ENCODER_WIDTH, 1)
  artifacts.backgroundEncoded = new Float32Array(background.length * ENCODER_METRIC_WIDTH)
  background.forEach((text, i) => {
    artifacts.backgroundEncoded.set(applyMetric(artifacts.encoderMetric, store.get(encoderText(analyse(text, { artifacts })))), i * ENCODER_METRIC_WIDTH)
  })
  return artifacts
}

/** Every signal of every question of a site. */
export async function scoreSite(store: EncoderStore, site: TrainingSite, artifacts: MatcherArtifacts): Promise<ScoredSite> {
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
