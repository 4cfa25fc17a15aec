/**
 * One method on all given sites, in a process of its own so that its memory can be told and its time bounded. Writes
 * what it has after each site; what is said on the way goes to stderr.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { closeEncoder } from '../../server/services/answering/faq-matcher/encoder/encoder-service'
import { readFaqs, readQueries } from '../matcher/training-data'
import { METHODS } from './methods'
import type { Scored } from './score'

const [name, folders, out] = process.argv.slice(2) as [string, string, string]
// libraries that report their training would drown the progress
console.log = console.info = () => {}
const results: Record<string, Scored[]> = {}
const sites = folders.split(',').map(entry => entry.split(':') as [folder: string, set: string])
// all training phrasings last: the slow methods may not come that far
for (const kb of ['kb1', 'kb5', 'kbfull']) {
  for (const [folder, set] of sites) {
    const file = `${folder}/${set}.${kb}.jsonl`
    if (!existsSync(file)) continue
    const begun = performance.now()
    const ask = await METHODS[name]!(readFaqs(file), set)
    const built = performance.now() - begun
    const scored: Scored[] = []
    for (const { text, faq_id } of readQueries(`${folder}/${set}.queries.jsonl`)) {
      const start = performance.now()
      const ranked = await ask(text)
      scored.push({ gold: faq_id, ranked, us: (performance.now() - start) * 1000 })
    }
    results[`${set}.${kb}`] = scored
    writeFileSync(out, JSON.stringify({ results, residentMb: Math.round(process.memoryUsage().rss / 1e6) }))
    process.stderr.write(`  ${set}.${kb}: built in ${(built / 1000).toFixed(1)} s, ${scored.length} questions in ${((performance.now() - begun - built) / 1000).toFixed(1)} s\n`)
  }
}
await closeEncoder()
process.exit(0)
