import { getChatConfig } from '#server/services/config/chat-config'
import { sendMail } from '#server/services/mail'
import type { SessionUser } from '#shared/contracts/auth'
import type { ChatMessage, TranscriptFormat } from '#shared/contracts/chat'
import { readWholeConversation, type WholeConversation } from './read-conversation'
import { renderTranscriptPdf } from './transcript-pdf'

export interface TranscriptFile { name: string, type: string, content: Uint8Array }

export interface Transcript extends WholeConversation {
  botName: string
  customerName: string
}

/** The customer's conversation as a file. Throws NOT_FOUND. */
export async function makeTranscript(customer: SessionUser, conversationId: string, format: TranscriptFormat): Promise<TranscriptFile> {
  const whole = await readWholeConversation(customer.id, conversationId)
  const transcript: Transcript = { ...whole, botName: (await getChatConfig()).botName, customerName: customer.name }
  const name = `vasiliasbot-transcript-${whole.conversation.started_at.slice(0, 10)}.${format}`
  if (format === 'pdf') return { name, type: 'application/pdf', content: await renderTranscriptPdf(transcript) }
  const encode = (text: string) => new TextEncoder().encode(text)
  if (format === 'json') return { name, type: 'application/json; charset=utf-8', content: encode(`${JSON.stringify(whole, null, 2)}\n`) }
  return { name, type: 'text/plain; charset=utf-8', content: encode(renderTranscriptText(transcript)) }
}

/** Sends the transcript to the customer's own address. Throws NOT_FOUND and UNAVAILABLE. */
export async function mailTranscript(customer: SessionUser, conversationId: string): Promise<void> {
  const file = await makeTranscript(customer, conversationId, 'pdf')
  await sendMail({
    to: customer.email,
    subject: 'Your conversation with us',
    text: `Dear ${customer.name},\n\nhere is the transcript of your conversation, as you asked for.\n\nYour wedding planners`,
    attachments: [{ filename: file.name, content: file.content, contentType: file.type }],
  })
}

export function speakerOf(message: ChatMessage, transcript: Transcript): string {
  if (message.sender === 'customer') return transcript.customerName
  return message.sender === 'agent' ? 'Wedding planner' : transcript.botName
}

/** `2026-11-22 14:05 UTC` */
export const transcriptTime = (timestamp: string) => `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)} UTC`

function renderTranscriptText(transcript: Transcript): string {
  const { conversation, messages } = transcript
  const head = [`Conversation with ${transcript.botName}`, `Started ${transcriptTime(conversation.started_at)}`, ...(conversation.ended_at ? [`Closed ${transcriptTime(conversation.ended_at)}`] : [])]
  const body = messages.map(message => [
    `[${transcriptTime(message.timestamp)}] ${speakerOf(message, transcript)}:`,
    message.text,
    ...(message.suggestions ?? []).map(suggestion => `  - ${suggestion.question}`),
    ...(message.citations ?? []).map(citation => `  Source: ${[citation.title, citation.url].filter(Boolean).join(' ')}`),
  ].join('\n'))
  // The mark tells Windows' editor that this is UTF-8.
  return `\uFEFF${[head.join('\n'), ...body].join('\n\n')}\n`
}
