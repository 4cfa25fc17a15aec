import { createRequire } from 'node:module'
import type { MatcherFaq } from '../../server/services/answering/faq-matcher/types'

/** Best first; the score is comparable between questions of one method. */
export type Ranking = [faqId: string, score: number][]
export type Ask = (question: string) => Ranking | Promise<Ranking>
/** Builds a method for one site; `set` is the site's name. */
export type Method = (faqs: MatcherFaq[], set: string) => Promise<Ask>

const require = createRequire(import.meta.url)
const texts = (faq: MatcherFaq) => [faq.question, ...faq.phrasings]

/** Best score of each FAQ's phrasings. */
function bestByFaq(pairs: Iterable<[string, number]>): Ranking {
  const best = new Map<string, number>()
  for (const [id, score] of pairs) best.set(id, Math.max(best.get(id) ?? -Infinity, score))
  return [...best].sort((a, b) => b[1] - a[1]).slice(0, 5)
}

/** Where `matcher:build --left-out` writes, a folder a source. */
export const LEFT_OUT = 'node_modules/.cache/matcher-left-out'
/** Sources that the shipped weights are fitted on, by site; the other sites have never been fitted on. */
const FITTED_ON: Record<string, string> = { clinc: 'clinc', banking77: 'bank', wedding: 'wedding', weddinggreek: 'wedding' }

let encoderIsSet = false
const product = (withEncoder: boolean, leftOut: boolean): Method => async (faqs, set) => {
  const { configureEncoder, prepareEncoder } = await import('../../server/services/answering/faq-matcher/encoder/encoder-service')
  const { loadArtifacts, readArtifacts } = await import('../../server/services/answering/faq-matcher/artifacts')
  const { buildFaqIndex } = await import('../../server/services/answering/faq-matcher/index-builder')
  const { matchFaq, matchFaqWithEncoder } = await import('../../server/services/answering/faq-matcher/match')
  const source = leftOut ? FITTED_ON[set] : undefined
  const plain = buildFaqIndex(faqs, { artifacts: source ? readArtifacts(`${LEFT_OUT}/${source}`) : loadArtifacts() })
  // once a process: each call forgets the encoder before it
  if (!encoderIsSet) configureEncoder({ enabled: withEncoder, onUnavailable: reason => process.stderr.write(`no encoder: ${reason}\n`) })
  encoderIsSet = true
  const index = withEncoder ? await prepareEncoder(plain) : plain
  if (!index) throw new Error('The encoder is not available')
  const ranking = ({ ranked }: { ranked: { faqId: string, score: number }[] }): Ranking => ranked.map(({ faqId, score }) => [faqId, score])
  return question => withEncoder
    ? matchFaqWithEncoder(index, question, { strictness: 'balanced' }).then(ranking)
    : ranking(matchFaq(index, question, { strictness: 'balanced' }))
}

const miniSearch: Method = async (faqs) => {
  const { default: MiniSearch } = await import('minisearch')
  const search = new MiniSearch({ fields: ['text'], storeFields: ['faq'], searchOptions: { fuzzy: 0.2, prefix: true } })
  search.addAll(faqs.flatMap(faq => texts(faq).map((text, i) => ({ id: `${faq.id}/${i}`, faq: faq.id, text }))))
  return question => bestByFaq(search.search(question).map(hit => [hit.faq as string, hit.score]))
}

const winkBm25: Method = async (faqs) => {
  const bm25 = (require('wink-bm25-text-search') as () => WinkBm25)()
  const nlp = require('wink-nlp-utils') as WinkUtils
  bm25.defineConfig({ fldWeights: { text: 1 } })
  bm25.definePrepTasks([nlp.string.lowerCase, nlp.string.tokenize0, nlp.tokens.removeWords, nlp.tokens.stem, nlp.tokens.propagateNegations])
  const owners: string[] = []
  for (const faq of faqs) for (const text of texts(faq)) bm25.addDoc({ text }, String(owners.push(faq.id) - 1))
  bm25.consolidate()
  return question => bestByFaq(bm25.search(question, 50).map(([doc, score]) => [owners[Number(doc)]!, score]))
}

const nlpJs: Method = async (faqs) => {
  const { NlpManager } = { NlpManager: (require('@nlpjs/nlp') as { Nlp: new (settings: object) => NlpJs }).Nlp }
  const { containerBootstrap } = require('@nlpjs/core') as { containerBootstrap: () => Promise<{ use: (plugin: unknown) => void }> }
  const { LangEn } = require('@nlpjs/lang-en') as { LangEn: unknown }
  const container = await containerBootstrap()
  container.use(LangEn)
  const manager = new NlpManager({ container, languages: ['en'], autoSave: false, nlu: { log: false }, forceNER: false })
  manager.addLanguage('en')
  for (const faq of faqs) for (const text of texts(faq)) manager.addDocument('en', text, faq.id)
  await manager.train()
  return async (question) => {
    const { classifications } = await manager.process('en', question)
    return bestByFaq(classifications.filter(found => found.intent !== 'None').map(({ intent, score }) => [intent, score]))
  }
}

const naturalRegression: Method = async (faqs) => {
  const { LogisticRegressionClassifier } = require('natural') as { LogisticRegressionClassifier: new () => NaturalClassifier }
  const classifier = new LogisticRegressionClassifier()
  for (const faq of faqs) for (const text of texts(faq)) classifier.addDocument(text, faq.id)
  classifier.train()
  return question => bestByFaq(classifier.getClassifications(question).map(({ label, value }) => [label, value]))
}

interface WinkBm25 {
  defineConfig(config: object): void
  definePrepTasks(tasks: unknown[]): void
  addDoc(doc: { text: string }, id: string): void
  consolidate(): void
  search(question: string, limit: number): [string, number][]
}
interface WinkUtils {
  string: Record<'lowerCase' | 'tokenize0', unknown>
  tokens: Record<'removeWords' | 'stem' | 'propagateNegations', unknown>
}
interface NlpJs {
  addLanguage(language: string): void
  addDocument(language: string, text: string, intent: string): void
  train(): Promise<void>
  process(language: string, text: string): Promise<{ classifications: { intent: string, score: number }[] }>
}
interface NaturalClassifier {
  addDocument(text: string, label: string): void
  train(): void
  getClassifications(text: string): { label: string, value: number }[]
}

export const HONEST = { encoder: 'VasiliasBot, with encoder', fast: 'VasiliasBot, words only' }
export const SHIPPED = { encoder: 'VasiliasBot as shipped, with encoder', fast: 'VasiliasBot as shipped, words only' }

/** In the order of the tables. */
export const METHODS: Record<string, Method> = {
  [HONEST.encoder]: product(true, true),
  [HONEST.fast]: product(false, true),
  [SHIPPED.encoder]: product(true, false),
  [SHIPPED.fast]: product(false, false),
  'natural (logistic regression)': naturalRegression,
  'nlp.js': nlpJs,
  'wink BM25': winkBm25,
  'MiniSearch (fuzzy, prefix)': miniSearch,
}
