/**
 * node --expose-gc --import tsx scripts/bench-faq/speed.ts <FAQs> [<out.json>] – the fast path on a site of that many FAQs
 * with six phrasings each: building the index, asking, the longest messages, memory. In a process of its own, so that
 * nothing else counts.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { loadArtifacts } from '../../server/services/answering/faq-matcher/artifacts'
import { buildFaqIndexAsync } from '../../server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '../../server/services/answering/faq-matcher/match'
import { MAX_LENGTH } from '../../server/services/answering/faq-matcher/text/normalise'
import { readQueries, readUtterances } from '../matcher/training-data'

export interface Speed {
  faqs: number
  /** seconds, the first build of the process: nothing is warm */
  built: number
  /** longest delay of the event loop while the index is built, ms, and the 99th percentile */
  stall: number
  stall99: number
  /** ms a question: wall clock, and the mean of processor time, which other programs do not lengthen */
  median: number
  p95: number
  processor: number
  /** ms a message of 2,000 characters: median and longest */
  long: number
  longest: number
  /**
   * MB: resident growth by tables, index and questions, in a process whose young generation has grown to its full size
   * as any server's has; and what of it is live after a garbage collection
   */
  resident: number
  live: number
}

function siteOf(faqs: number) {
  const texts = readUtterances().map(({ text }) => text)
  return Array.from({ length: faqs }, (_, f) => {
    // other words for other FAQs, as far as the utterances go; then the same ones with a number
    const own = Array.from({ length: 6 }, (_, p) => texts[(f * 6 + p) % texts.length]! + (f * 6 + p >= texts.length ? ` ${f}` : ''))
    return { id: `f${f}`, question: own[0]!, answer: `${own[1]} ${own[2]}. ${own[3]}.`, phrasings: own.slice(1) }
  })
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
function memory() {
  collect()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return { resident: rss / 1e6, live: (heapUsed + arrayBuffers) / 1e6 }
}

/** What a working server has behind it: V8's young generation at its full size, so that it does not count as the matcher's. */
async function growYoungGeneration(): Promise<void> {
  let kept: object[] = []
  for (let i = 0; i < 3_000_000; i++) {
    kept.push({ i, text: String(i) })
    if (kept.length > 60_000) kept = []
  }
  kept = []
  await settle()
}

/** V8 gives pages back a moment after a collection. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}

function timesOf(texts: string[], ask: (text: string) => void): number[] {
  return texts.map((text) => {
    const asked = performance.now()
    ask(text)
    return performance.now() - asked
  }).sort((a, b) => a - b)
}

async function measure(faqs: number): Promise<Speed> {
  const site = siteOf(faqs)
  const questions = readQueries('bench-data/dev/wedding.queries.jsonl').map(({ text }) => text)
  await growYoungGeneration()
  const before = memory()
  loadArtifacts()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await new Promise(resolve => setTimeout(resolve, 20))
  delay.reset()
  const start = performance.now()
  const index = await buildFaqIndexAsync(site)
  const built = (performance.now() - start) / 1000
  delay.disable()
  const ask = (text: string) => void matchFaq(index, text, { strictness: 'balanced' })
  questions.forEach(ask)
  const rounds = Array.from({ length: 10 }, () => questions).flat()
  const used = process.cpuUsage()
  const times = timesOf(rounds, ask)
  const { user, system } = process.cpuUsage(used)
  await settle()
  const after = memory()
  const all = questions.join(' ')
  const messages = Array.from({ length: 12 }, (_, i) => all.slice(i * 300, i * 300 + MAX_LENGTH))
  messages.push('Is there parking? '.repeat(112), 'zzzzqqqqx '.repeat(200), 'πληρωμή '.repeat(250), 'abcdefghij'.repeat(200))
  messages.forEach(ask)
  const long = timesOf(messages, ask)
  return {
    faqs, built, stall: delay.max / 1e6, stall99: delay.percentile(99) / 1e6,
    median: times[times.length >> 1]!, p95: times[Math.floor(times.length * 0.95)]!, processor: (user + system) / 1000 / times.length,
    long: long[long.length >> 1]!, longest: long.at(-1)!, resident: after.resident - before.resident, live: after.live - before.live,
  }
}

const [faqs, out] = process.argv.slice(2)
const speed = await measure(Number(faqs))
if (out) writeFileSync(out, JSON.stringify(speed))
else process.stdout.write(`${JSON.stringify(speed, null, 1)}\n`)
