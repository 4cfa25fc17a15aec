import { log } from '#server/core/log'
import { failSpan, inSpan } from '#server/core/trace'
import type { ConfigRow } from '#server/db/config'
import { findRemoteConversation, listHistory } from '#server/db/messages'
import { getChatConfig } from '#server/services/config/chat-config'
import { getFaqCatalogue } from '#server/services/faqs/faq-catalogue'
import { countMatch, countRagCall } from '#server/services/metrics'
import { decisionOf, reconsiderFaqs, type AskedQuestion } from './answer-from-faqs'
import type { DraftReply } from './draft-reply'
import { askMasked } from './rag/ask-masked'
import { askRag, type AskOptions } from './rag/ask-rag'
import { circuitOf, throughCircuit } from './rag/circuit'
import { giveBackToBudget, takeFromBudget } from './rag/daily-budget'
import { HISTORY_LENGTH, type RagOutcome, type RagSettings } from './rag/rag-client'
import { ragSettingsOf } from './rag/rag-settings'

export interface StoredQuestion extends AskedQuestion {
  id: string
  conversationId: string
  customerId: string
  seq: number
}

/** Makes the reply to a stored question: FAQs, else the RAG API, else the fallback. Throws what `signal` is aborted with. */
export async function answerQuestion(question: StoredQuestion, options: AskOptions): Promise<DraftReply> {
  const config = await getChatConfig()
  const catalogue = await getFaqCatalogue()
  const fromFaqs = await inSpan('match FAQs again', {}, () => reconsiderFaqs(question, catalogue, config.answerStrictness))
  countMatch('again', decisionOf(fromFaqs))
  if (fromFaqs.reply) return fromFaqs.reply
  const outcome = await forward(question, config, options)
  const score = fromFaqs.score
  if (outcome?.kind !== 'answer') return { ...fallbackReply(config), score }
  return { text: outcome.text, source: 'rag', faqId: null, score, suggestions: [], citations: outcome.citations, remote: outcome.remote && { format: config.ragApiFormat, ...outcome.remote } }
}

export const fallbackReply = (config: ConfigRow): DraftReply => ({ text: config.fallbackMessage, source: 'fallback', faqId: null, score: null, suggestions: [], citations: [] })

/** null: no RAG API is configured. */
async function forward(question: StoredQuestion, config: ConfigRow, options: AskOptions): Promise<RagOutcome | null> {
  const found = ragSettingsOf(config)
  if ('missing' in found) {
    if (found.missing === 'none') return null
    log.warn({ rag_format: config.ragApiFormat, outcome: 'skipped', reason: found.missing, duration_ms: 0 }, 'The RAG API was not asked')
    return { kind: 'skipped', reason: found.missing }
  }
  const { settings } = found
  const circuit = circuitOf(settings)
  if (!await takeFromBudget()) {
    // Said once an hour there, so no line here.
    const spent: RagOutcome = { kind: 'skipped', reason: 'RAG_DAILY_BUDGET is used up' }
    circuit.statistics.record(spent, 0)
    countRagCall(settings.format, spent.kind, 0)
    return spent
  }
  const started = performance.now()
  let isAsked = false
  const outcome = await throughCircuit(circuit, settings.maxInFlight, async () => {
    isAsked = true
    const made = await inSpan('ask RAG', { 'rag.format': settings.format }, async (span) => {
      const outcome = await ask(question, settings, config.maskPersonalData ? askMasked : askRag, options)
      span?.setAttributes({ 'rag.outcome': outcome.kind, ...('status' in outcome && outcome.status ? { 'http.response.status_code': outcome.status } : {}) })
      if (span && outcome.kind === 'failed') failSpan(span)
      return outcome
    }, 'client')
    // Here and not outside: a try of a broken RAG API counts also when its customer did not wait for it.
    const ms = performance.now() - started
    circuit.statistics.record(made, ms)
    record(settings, made, ms)
    return made
  })
  if (!isAsked) await giveBackToBudget()
  if (outcome.kind === 'skipped') {
    circuit.statistics.record(outcome, 0)
    record(settings, outcome, performance.now() - started)
  }
  return outcome
}

async function ask(question: StoredQuestion, settings: RagSettings, send: typeof askRag, options: AskOptions): Promise<RagOutcome> {
  const [history, remoteConversationId] = await Promise.all([
    listHistory(question.conversationId, question.seq, HISTORY_LENGTH),
    findRemoteConversation(question.conversationId, settings.format),
  ])
  const { id: messageId, conversationId, customerId, text } = question
  return send({ conversationId, messageId, customerId, text, history, remoteConversationId }, settings, options)
}

/** One log line and one count a call: format, status and time; never a text or a key. */
function record({ format }: RagSettings, outcome: RagOutcome, ms: number): void {
  const line = { rag_format: format, outcome: outcome.kind, status: 'status' in outcome ? outcome.status : null, reason: 'reason' in outcome ? outcome.reason : undefined, duration_ms: Math.round(ms) }
  if (outcome.kind === 'failed') log.warn(line, 'The RAG API did not answer')
  else if (outcome.kind === 'skipped') log.warn(line, 'The RAG API was not asked')
  else log.info(line, 'The RAG API answered')
  countRagCall(format, outcome.kind, ms)
}
