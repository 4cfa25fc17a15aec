import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEvent } from 'h3'
import { findVerified } from '#server/services/accounts/sessions'
import { getChatConfig } from '#server/services/config/chat-config'
import { keptPulse } from '#server/services/conversations/current-pulse'
import type { ConversationPulse } from '#server/services/conversations/read-conversation'
import { logWhenClosed } from './access-log'
import { freshnessHeaders, isFresh } from './etag'
import { requestIdOf } from './request-id'
import { readSessionToken } from './session-cookie'

/** While a reply is being made somebody watches the typing indicator: look more often than the config says. */
const PENDING_POLL_MS = 1_000

/** The state of the conversation together with the part of it that was asked for. */
export const pollEtag = ({ version }: ConversationPulse, from: number, limit: number) => `"v${version}-${from}-${limit}"`

/** What a poll says about the conversation whether or not there are messages to send. */
export const pollHeaders = ({ status, handling, pending }: ConversationPulse, { pollingIntervalMs }: { pollingIntervalMs: number }) => ({
  'x-conversation-status': status,
  'x-conversation-handling': handling,
  'x-poll-after-ms': String(pending ? Math.min(PENDING_POLL_MS, pollingIntervalMs) : pollingIntervalMs),
})

const IDLE_POLL = /^\/api\/chatbot\/conversations\/([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})\/messages\/?(?:\?(?:after=(0|[1-9]\d{0,8}))?&?(?:limit=([1-9]\d?|100))?)?$/

/**
 * Answers a poll that has nothing to bring, from memory alone, ahead of routes and middleware: most of what a busy site is
 * asked. False: not answered, and the ordinary route does all of it (also where anything at all is unusual). What it sends
 * is what the route would have sent; a test compares the two. `siteHeaders` are those that every answer of the site has.
 */
export function answerIdlePoll(req: IncomingMessage, res: ServerResponse, siteHeaders: Readonly<Record<string, string>>): boolean {
  if (req.method !== 'GET' || req.headers['if-none-match'] === undefined) return false
  const asked = IDLE_POLL.exec(req.url!)
  const config = asked && getChatConfig.peek()
  if (!config) return false
  const event = createEvent(req, res)
  const token = readSessionToken(event)
  const user = token ? findVerified(token) : undefined
  const pulse = user && keptPulse(user.id, asked[1]!)
  if (!pulse) return false
  const etag = pollEtag(pulse, Number(asked[2] ?? 0), Number(asked[3] ?? 100))
  if (!isFresh(event, etag)) return false
  logWhenClosed(event, '/api/chatbot/conversations/:id/messages')
  requestIdOf(event)
  res.writeHead(304, { ...siteHeaders, ...pollHeaders(pulse, config), ...freshnessHeaders(etag) })
  res.end()
  return true
}
