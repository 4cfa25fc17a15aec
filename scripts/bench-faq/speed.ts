import { monitorEventLoopDelay } from 'node:perf_hooks'
import { loadArtifacts } from '../../server/services/answering/faq-matcher/artifacts'
import { buildFaqIndexAsync } from '../../server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '../../server/services/answering/faq-matcher/match'
import { readQueries, readUtterances } from '../matcher/training-data'

function siteOf(faqs: number) {
  const texts = readUtterances().map(({ text }) => text)
  return Array.from({ length: faqs }, (_, f) => {
    // other words for other FAQs, as far as the utterances go; then the same ones with a number
    const own = Array.from({ length: 6 }, (_, p) => texts[(f * 6 + p) % texts.length]! + (f * 6 + p >= texts.length ? ` ${f}` : ''))
    return { id: `f${f}`, question: own[0]!, answer: `${own[1]} ${own[2]}. ${own[3]}.`, phrasings: own.slice(1) }
  })
}

/** Fast path at 100 and 1,000 FAQs with six phrasings each; building, its longest stall, and memory. */
export async function measureSpeed(): Promise<string[]> {
  const before = process.memoryUsage().rss
  loadArtifacts()
  const tables = process.memoryUsage().rss - before
  const questions = readQueries('bench-data/dev/wedding.queries.jsonl').map(({ text }) => text)
  const lines = ['## Fast path by size', '', '| FAQs × 6 phrasings | index built, s | longest stall meanwhile, ms | median question, ms | 95th percentile, ms |', '|---|---|---|---|---|']
  for (const faqs of [100, 1000]) {
    const site = siteOf(faqs)
    await buildFaqIndexAsync(site)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    const index = await buildFaqIndexAsync(site)
    const built = (performance.now() - start) / 1000
    delay.disable()
    for (const question of questions) matchFaq(index, question, { strictness: 'balanced' })
    const times: number[] = []
    for (let round = 0; round < 3; round++) {
      for (const question of questions) {
        const asked = performance.now()
        matchFaq(index, question, { strictness: 'balanced' })
        times.push(performance.now() - asked)
      }
    }
    times.sort((a, b) => a - b)
    lines.push(`| ${faqs} | ${built.toFixed(2)} | ${(delay.max / 1e6).toFixed(1)} | ${times[times.length >> 1]!.toFixed(2)} | ${times[Math.floor(times.length * 0.95)]!.toFixed(2)} |`)
  }
  lines.push('', `Word tables in memory: about ${Math.round(tables / 1e6)} MB, shared by all sites of a process.`)
  return lines
}
