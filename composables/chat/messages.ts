import type { BotReply, ChatMessage } from '#shared/contracts/chat'

export const lastSeqOf = (messages: ChatMessage[]) => messages.at(-1)?.seq ?? 0

const same = (a: ChatMessage, b: ChatMessage) => a === b || JSON.stringify(a) === JSON.stringify(b)

/**
 * Puts `incoming` in its place by `seq`. A message that says the same keeps its identity, and so does the list when
 * nothing changed, so that nothing is drawn again without need.
 */
export function mergeMessages(known: ChatMessage[], incoming: ChatMessage[]): ChatMessage[] {
  if (!incoming.length) return known
  const first = known[0]?.seq ?? 0
  const bySeq = new Map<number, ChatMessage>()
  let changed = false
  for (const message of incoming) {
    const old = known[message.seq - first]
    const current = old?.seq === message.seq ? old : known.find(item => item.seq === message.seq)
    if (current && same(current, message)) continue
    changed = true
    bySeq.set(message.seq, message)
  }
  if (!changed) return known
  const kept = known.map((message) => {
    const update = bySeq.get(message.seq)
    bySeq.delete(message.seq)
    return update ?? message
  })
  return [...kept, ...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** The answer of a send, as the poll would bring it. */
export function replyToMessage(reply: BotReply): ChatMessage {
  return {
    id: reply.id,
    sender: 'bot',
    text: reply.text,
    timestamp: reply.timestamp,
    seq: reply.seq,
    reply_to: reply.reply_to,
    source: reply.source,
    ...(reply.faq_id ? { faq_id: reply.faq_id } : {}),
    ...(reply.suggestions?.length ? { suggestions: reply.suggestions } : {}),
    ...(reply.citations?.length ? { citations: reply.citations } : {}),
    ...(reply.feedback ? { feedback: reply.feedback } : {}),
  }
}

/** Takes `pending` off the questions that `incoming` answers. */
export function settleAnswered(messages: ChatMessage[], incoming: ChatMessage[]): ChatMessage[] {
  const answered = new Set(incoming.map(message => message.reply_to))
  if (!messages.some(message => message.pending && answered.has(message.id))) return messages
  return messages.map(message => (message.pending && answered.has(message.id) ? { ...message, pending: undefined } : message))
}

export interface Row {
  message: ChatMessage
  /** Set where a new day begins: that day's ISO time. */
  day: string | null
  /** Set where five minutes or more have passed since the message before. */
  time: string | null
}

const GAP_MS = 5 * 60 * 1000

/** The messages with the separators that stand before them. `dayOf` names the reader's local day. */
export function toRows(messages: ChatMessage[], dayOf = (iso: string) => new Date(iso).toDateString()): Row[] {
  let before: ChatMessage | null = null
  return messages.map((message) => {
    const day = !before || dayOf(before.timestamp) !== dayOf(message.timestamp)
    const time = day || Date.parse(message.timestamp) - Date.parse(before!.timestamp) >= GAP_MS
    before = message
    return { message, day: day ? message.timestamp : null, time: time ? message.timestamp : null }
  })
}
