import { requestId } from '#server/core/request-context'
import { adapters } from './adapters/by-format'
import { startDeadline } from './http/deadline'
import { postJson } from './http/exchange'
import { RagFailure } from './http/rag-failure'
import type { RagOutcome, RagQuestion, RagSettings } from './rag-client'
import { ragHeaders } from './rag-settings'

export interface AskOptions {
  /** For the whole exchange, from connect to last byte. */
  deadlineMs: number
  /** Ends it early; what it was aborted with is thrown. */
  signal?: AbortSignal
}

/** Asks the RAG API once, in its format. Throws only what `signal` was aborted with; every failure is an outcome. */
export async function askRag(question: RagQuestion, settings: RagSettings, options: AskOptions): Promise<RagOutcome> {
  const deadline = startDeadline(options.deadlineMs, options.signal)
  try {
    const adapter = adapters[settings.format]
    const send = async (asked: RagQuestion) => {
      const { status, body } = await postJson(adapter.ask(asked, settings), { headers: ragHeaders(settings.key, requestId()), deadline })
      return { status, reading: adapter.read(status, body) }
    }
    let { status, reading } = await send(question)
    // It has forgotten the conversation (removed there, another app): a new one, once.
    if (reading.kind === 'conversation_gone' && question.remoteConversationId) ({ status, reading } = await send({ ...question, remoteConversationId: null }))
    if (reading.kind === 'conversation_gone') reading = { kind: 'failed', reason: `status ${status}` }
    return reading.kind === 'failed' ? { ...reading, status, costly: isTrouble(status) } : { ...reading, status }
  }
  catch (error) {
    if (!(error instanceof RagFailure)) throw error
    return { kind: 'failed', reason: error.reason, costly: error.costly, status: null }
  }
  finally {
    deadline.clear()
  }
}

/** A service in trouble, or one that wants to be left alone; 401 or a page of HTML is a wrong setting, and answers at once. */
const isTrouble = (status: number) => status >= 500 || status === 429 || status === 408
