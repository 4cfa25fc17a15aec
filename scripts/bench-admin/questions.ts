import { words } from './bench-database'

const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
const daysBack = (days: number) => `from=${ago(days - 1)}&to=${ago(0)}`

/** A list, search or report of the back office, asked in several ways; `more` asks for the page after as well. */
export interface Question { name: string, paths: string[], more?: boolean }

/** Everything an admin can list or search. `{conversation}` and `{customer}` are filled in with ones that exist. */
export const questions: Question[] = [
  { name: 'Overview, 7 days (counted)', paths: [`analytics?${daysBack(7)}&time_zone=Europe/Athens`] },
  { name: 'Overview, 30 days', paths: [`analytics?${daysBack(30)}`] },
  { name: 'Overview, 90 days', paths: [`analytics?${daysBack(90)}`] },
  { name: 'Overview, a year', paths: [`analytics?${daysBack(365)}`, `analytics?from=${ago(729)}&to=${ago(365)}`] },
  { name: 'Conversations', paths: ['conversations'], more: true },
  { name: 'Conversations, by status', paths: ['conversations?status=active', 'conversations?status=closed'], more: true },
  { name: 'Conversations, by source', paths: ['faq', 'suggestion', 'rag', 'fallback'].map(source => `conversations?source=${source}`), more: true },
  { name: 'Conversations, by rating', paths: ['conversations?feedback=up', 'conversations?feedback=down', 'conversations?feedback=down&source=rag'], more: true },
  { name: 'Conversations, by customer', paths: ['conversations?customer=customer12', 'conversations?customer=anna', 'conversations?customer={customer}'], more: true },
  { name: 'Conversations, by days', paths: [`conversations?from=${ago(400)}&to=${ago(390)}`, `conversations?from=${ago(700)}&to=${ago(600)}&status=closed`], more: true },
  { name: 'Search, a rare word', paths: [words.rare, words.none].map(word => `conversations?q=${word}`), more: true },
  { name: 'Search, a usual word', paths: [`conversations?q=${words.usual}`, `conversations?q=${encodeURIComponent(words.greek)}`], more: true },
  { name: 'Search, a word in 60,000 messages', paths: [`conversations?q=${words.common}`], more: true },
  { name: 'Search, a word of long ago', paths: [`conversations?q=${words.old}`, `conversations?q=${words.common}&to=${ago(600)}`], more: true },
  { name: 'Search, several words', paths: ['conversations?q=book+package', 'conversations?q=deposit+price', 'conversations?q=how+much+wedding'], more: true },
  { name: 'Search, one letter (in most messages)', paths: ['conversations?q=e', 'conversations?q=a'], more: true },
  { name: 'Search with filters', paths: [`conversations?q=${words.common}&status=active`, `conversations?q=${words.common}&feedback=down&source=rag`, `conversations?q=${words.usual}&customer=customer12`, `conversations?q=${words.usual}&from=${ago(90)}&to=${ago(60)}`], more: true },
  { name: 'A conversation', paths: ['conversations/{conversation}'] },
  { name: 'Feedback', paths: ['feedback', 'feedback?value=down', `feedback?value=up&from=${ago(400)}&to=${ago(300)}`], more: true },
  { name: 'People', paths: ['users', 'users?role=admin', 'users?status=disabled'], more: true },
  { name: 'People, searched', paths: ['users?q=anna', 'users?q=papadopoulos', `users?q=${encodeURIComponent('Γεωργ')}`, 'users?q=customer123', 'users?q=example', 'users?q=nobody'], more: true },
  { name: 'Audit log', paths: ['audit', 'audit?entity=user', 'audit?actor=bench', `audit?from=${ago(400)}&to=${ago(390)}`, `audit?actor=customer10000@&entity=config`], more: true },
  { name: 'Unanswered questions', paths: ['unanswered', 'unanswered?status=resolved', 'unanswered?status=dismissed'], more: true },
  { name: 'A group of unanswered questions', paths: ['unanswered/{group}'] },
  { name: 'Waiting for a person', paths: ['waiting', 'conversations/waiting'] },
  { name: 'FAQs', paths: ['faqs', 'faqs?q=deposit', 'faqs?active=true'] },
  { name: 'Outbox and RAG status', paths: ['outbox', 'rag/status'] },
]
