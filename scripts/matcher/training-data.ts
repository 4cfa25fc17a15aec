import { readFileSync } from 'node:fs'
import type { MatcherFaq } from '../../server/services/answering/faq-matcher/types'

export interface Utterance {
  /** "source:intent" */
  intent: string
  text: string
}

export interface LabelledQuery {
  text: string
  /** null: no FAQ of the site answers it */
  faqId: string | null
}

export interface TrainingSite {
  name: string
  /** the metric used for this site is fitted without this source's utterances */
  source: string
  /** weight of the site in the fits */
  weight: number
  faqs: MatcherFaq[]
  queries: LabelledQuery[]
}

interface FaqLine { id: string, question: string, answer?: string, alternatives?: string[] }
interface QueryLine { qid: string, text: string, faq_id: string | null, tag?: string }

export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line) as T)
}

export function readFaqs(file: string): MatcherFaq[] {
  return readLines<FaqLine>(file).map(({ id, question, answer, alternatives }) => ({ id, question, answer: answer ?? '', phrasings: alternatives ?? [] }))
}

export function readQueries(file: string): QueryLine[] {
  return readLines<QueryLine>(file)
}

/** Public intents (CC BY) and the project's own; see bench-data/LICENSES.md. */
export function readUtterances(): Utterance[] {
  const utterances = readLines<{ y: string, t: string }>('bench-data/train/intents.jsonl').map(({ y, t }) => ({ intent: y, text: t }))
  let intent = ''
  for (const line of readFileSync('bench-data/train/own-intents.txt', 'utf8').split('\n')) {
    if (line.startsWith('# ')) intent = line.slice(2)
    else if (line) utterances.push({ intent, text: line })
  }
  return utterances
}

export const sourceOf = (utterance: Utterance) => utterance.intent.split(':')[0]!

/** Sources that must not have been seen where a site of this one is judged: our utterances were written after its questions. */
export const relatedSources = (source: string) => source === 'wedding' ? ['wedding', 'own'] : [source]

// A made-up site tells less about real ones than a site whose questions and answers belong together.
const SYNTHETIC_WEIGHT = 0.35
/** Small and ours: enough to teach the decision what Greek scores look like. */
const GREEK_WEIGHT = 0.5
const SHARE_OF_INTENTS = [0.4, 0.55, 0.7]

/** The development sites that the project may ship, and sites put together from the training intents. */
export function trainingSites(utterances: Utterance[]): TrainingSite[] {
  const sites: TrainingSite[] = []
  for (const kb of ['kb1', 'kb5']) {
    for (const [set, source] of [['clinc', 'clinc'], ['banking77', 'bank'], ['wedding', 'wedding'], ['weddinggreek', 'wedding']] as const) {
      const queries = readQueries(`bench-data/dev/${set}.queries.jsonl`).map(({ text, faq_id }) => ({ text, faqId: faq_id }))
      const weight = set === 'weddinggreek' ? GREEK_WEIGHT : 1
      sites.push({ name: `${set}.${kb}`, source, weight, faqs: readFaqs(`bench-data/dev/${set}.${kb}.jsonl`), queries })
    }
  }
  const random = seeded(12_345)
  // sites of the project's own short utterances were tried too and made the decision worse on real ones
  for (const source of ['hwu', 'clinc', 'bank']) {
    for (const share of SHARE_OF_INTENTS) sites.push(...syntheticSites(source, share, utterances, random))
  }
  return sites
}

function syntheticSites(source: string, share: number, utterances: Utterance[], random: () => number): TrainingSite[] {
  const byIntent = new Map<string, string[]>()
  const foreign: string[] = []
  for (const utterance of utterances) {
    if (sourceOf(utterance) !== source) foreign.push(utterance.text)
    else byIntent.set(utterance.intent, [...(byIntent.get(utterance.intent) ?? []), utterance.text])
  }
  const intents = shuffle([...byIntent.keys()], random)
  const inside = intents.slice(0, Math.round(intents.length * share))
  const outside = intents.slice(inside.length)
  return [1, 6].map((phrasings) => {
    const faqs: MatcherFaq[] = []
    const queries: LabelledQuery[] = []
    inside.forEach((intent, i) => {
      const texts = shuffle(byIntent.get(intent)!, random)
      const used = Math.min(phrasings, Math.ceil(texts.length * 0.6))
      faqs.push({ id: `f${i}`, question: texts[0]!, answer: '', phrasings: texts.slice(1, used) })
      for (const text of texts.slice(used, used + 7)) queries.push({ text, faqId: `f${i}` })
    })
    for (const intent of outside) for (const text of shuffle(byIntent.get(intent)!, random).slice(0, 5)) queries.push({ text, faqId: null })
    for (const text of shuffle(foreign, random).slice(0, Math.round(queries.length * 0.12))) queries.push({ text, faqId: null })
    return { name: `${source}-${share}-${phrasings}`, source, weight: SYNTHETIC_WEIGHT, faqs, queries }
  })
}

/** Linear congruential generator: the same sites in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function shuffle<T>(list: T[], random: () => number): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}
