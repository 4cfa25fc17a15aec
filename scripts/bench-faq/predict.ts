/** One method on all given sites, in a process of its own so that its memory can be told; prints one JSON document. */
import { existsSync, writeFileSync } from 'node:fs'
import { closeEncoder } from '../../server/services/answering/faq-matcher/encoder/encoder-service'
import { readFaqs, readQueries } from '../matcher/training-data'
import { METHODS } from './methods'
import type { Scored } from './score'

const [name, folders, out] = process.argv.slice(2) as [string, string, string]
console.log = console.info = () => {}
const results: Record<string, Scored[]> = {}
for (const entry of folders.split(',')) {
  const [folder, set] = entry.split(':') as [string, string]
  for (const kb of ['kb1', 'kb5', 'kbfull']) {
    const file = `${folder}/${set}.${kb}.jsonl`
    if (!existsSync(file)) continue
    const ask = await METHODS[name]!(readFaqs(file))
    const scored: Scored[] = []
    for (const { text, faq_id } of readQueries(`${folder}/${set}.queries.jsonl`)) {
      const start = performance.now()
      const ranked = await ask(text)
      scored.push({ gold: faq_id, ranked, us: (performance.now() - start) * 1000 })
    }
    results[`${set}.${kb}`] = scored
  }
}
await closeEncoder()
writeFileSync(out, JSON.stringify({ results, residentMb: Math.round(process.memoryUsage().rss / 1e6) }))
process.exit(0)
