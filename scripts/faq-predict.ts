/**
 * npm run faq:predict -- --kb <kb.jsonl> --queries <queries.jsonl> [--no-encoder]
 * One JSON line a query on stdout and nothing else: {"qid","decision","ranked":[[faqId,score]…],"us"}.
 */
import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { closeEncoder, configureEncoder, prepareEncoder } from '../server/services/answering/faq-matcher/encoder/encoder-service'
import { buildFaqIndex } from '../server/services/answering/faq-matcher/index-builder'
import { matchFaq, matchFaqWithEncoder } from '../server/services/answering/faq-matcher/match'
import type { Strictness } from '../server/services/answering/faq-matcher/types'
import { readFaqs, readQueries } from './matcher/training-data'

const { values } = parseArgs({
  options: {
    'kb': { type: 'string' },
    'queries': { type: 'string' },
    'no-encoder': { type: 'boolean', default: false },
    'strictness': { type: 'string', default: 'balanced' },
  },
})
if (!values.kb || !values.queries) {
  process.stderr.write('usage: npm run faq:predict -- --kb <kb.jsonl> --queries <queries.jsonl> [--no-encoder] [--strictness cautious|balanced|eager]\n')
  process.exit(2)
}

// libraries may log; stdout belongs to the predictions alone
console.log = console.info = console.warn = (...parts: unknown[]) => process.stderr.write(`${parts.join(' ')}\n`)

const withEncoder = !values['no-encoder']
configureEncoder({ enabled: withEncoder, onUnavailable: reason => process.stderr.write(`no encoder: ${reason}\n`) })
const plain = buildFaqIndex(readFaqs(values.kb))
const index = (withEncoder ? await prepareEncoder(plain) : null) ?? plain
const options = { strictness: values.strictness as Strictness }
for (const { qid, text } of readQueries(values.queries)) {
  const start = performance.now()
  const match = withEncoder ? await matchFaqWithEncoder(index, text, options) : matchFaq(index, text, options)
  const us = Math.round((performance.now() - start) * 1000)
  const ranked = match.ranked.map(({ faqId, score }) => [faqId, Number(score.toPrecision(6))])
  writeSync(1, `${JSON.stringify({ qid, decision: match.decision, ranked, us })}\n`)
}
await closeEncoder()
