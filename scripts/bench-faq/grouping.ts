/*
 * npx tsx scripts/bench-faq/grouping.ts: how well unanswered questions come together (docs/admin.md). The benchmark's
 * held-out questions that belong to a FAQ arrive one by one and are grouped as server/services/unanswered does it: the
 * groups are the matcher's FAQs. B³: of the questions grouped with one, how many ask the same (precision), and of those that ask
 * the same, how many are with it (recall); means over all questions.
 */
import { readFileSync } from 'node:fs'
import { buildFaqIndex, type FaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '#server/services/answering/faq-matcher/match'

const SETS = ['banking77', 'clinc', 'weddinggreek']
const QUESTIONS = 250
const MAX_WORDINGS = 12

interface Question { text: string, faq_id: string | null }

const read = (set: string) => readFileSync(`bench-data/dev/${set}.queries.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line) as Question).filter(({ faq_id }) => faq_id).slice(0, QUESTIONS)

function group(questions: Question[]): Question[][] {
  const groups: Question[][] = []
  let index: FaqIndex | null = null
  for (const question of questions) {
    const match = index && matchFaq(index, question.text, { strictness: 'balanced' })
    const home = match?.decision === 'answer' ? groups[Number(match.ranked[0]!.faqId)] : undefined
    if (home) home.push(question)
    else groups.push([question])
    index = buildFaqIndex(groups.map(([first, ...others], id) => ({ id: String(id), question: first!.text, answer: '', phrasings: others.slice(0, MAX_WORDINGS).map(({ text }) => text) })))
  }
  return groups
}

for (const set of SETS) {
  const questions = read(set)
  const groups = group(questions)
  const asked = new Map<string | null, Question[]>()
  for (const question of questions) asked.set(question.faq_id, [...asked.get(question.faq_id) ?? [], question])
  let precision = 0
  let recall = 0
  for (const members of groups) {
    for (const { faq_id: id } of members) {
      const same = members.filter(member => member.faq_id === id).length
      precision += same / members.length / questions.length
      recall += same / asked.get(id)!.length / questions.length
    }
  }
  process.stdout.write(`${set}: ${questions.length} questions, ${asked.size} FAQs, ${groups.length} groups, B³ precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}\n`)
}
