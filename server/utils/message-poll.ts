import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEvent, type H3Event } from 'h3'
import { findVerified, verify } from '#server/services/accounts/sessions'
import { getChatConfig } from '#server/services/config/chat-config'
import { keptPulse, readAndKeepPulse } from '#server/services/conversations/current-pulse'
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

type SiteHeaders = Readonly<Record<string, string>>
interface IdlePoll { event: H3Event, token: string, id: string, from: number, limit: number }

/** Tells a poll that may have nothing to bring from everything else, as cheaply as can be. */
export const mayBeIdlePoll = (req: IncomingMessage): boolean => req.method === 'GET' && req.headers['if-none-match'] !== undefined && req.url!.startsWith('/api/chatbot/conversations/')

/** A poll that may have nothing to bring; null: anything else, or unusual in any way. */
function idlePollOf(req: IncomingMessage, res: ServerResponse): IdlePoll | null {
  if (req.method !== 'GET' || req.headers['if-none-match'] === undefined) return null
  const asked = IDLE_POLL.exec(req.url!)
  if (!asked) return null
  const event = createEvent(req, res)
  const token = readSessionToken(event)
  return token ? { event, token, id: asked[1]!, from: Number(asked[2] ?? 0), limit: Number(asked[3] ?? 100) } : null
}

/**
 * Answers a poll that has nothing to bring, from memory alone, ahead of routes and middleware: most of what a busy site is
 * asked. False: not answered, and the ordinary route does all of it (also where anything at all is unusual). What it sends
 * is what the route would have sent; a test compares the two. `siteHeaders` are those that every answer of the site has.
 */
export function answerIdlePoll(req: IncomingMessage, res: ServerResponse, siteHeaders: SiteHeaders): boolean {
  const config = getChatConfig.peek()
  const poll = config && idlePollOf(req, res)
  const user = poll && findVerified(poll.token)
  const pulse = user && keptPulse(user.id, poll.id)
  return Boolean(pulse && sendIfIdle(poll, pulse, config, siteHeaders))
}

/**
 * The same where memory does not know enough (after a start, while changes of other servers cannot be heard): looks up what
 * is missing, many polls' at a time, and again leaves what is not idle to the route. Polls alone never bring a server to
 * where it is too busy to hear that it need not look them up.
 */
export async function lookUpIdlePoll(req: IncomingMessage, res: ServerResponse, siteHeaders: SiteHeaders): Promise<boolean> {
  const config = getChatConfig.peek()
  const poll = config && idlePollOf(req, res)
  if (!poll) return false
  const started = performance.now()
  const user = await verify(poll.token)
  const pulse = user && (keptPulse(user.id, poll.id) ?? await readAndKeepPulse(user.id, poll.id))
  // Whoever answers an abandoned question has to be told of it: the route does that.
  return Boolean(pulse && !pulse.abandoned && sendIfIdle(poll, pulse, config, siteHeaders, started))
}

function sendIfIdle({ event, from, limit }: IdlePoll, pulse: ConversationPulse, config: { pollingIntervalMs: number }, siteHeaders: SiteHeaders, started?: number): boolean {
  const etag = pollEtag(pulse, from, limit)
  if (!isFresh(event, etag)) return false
  logWhenClosed(event, { route: '/api/chatbot/conversations/:id/messages', started })
  requestIdOf(event)
  const { res } = event.node
  res.writeHead(304, { ...siteHeaders, ...pollHeaders(pulse, config), ...freshnessHeaders(etag) })
  res.end()
  return true
}
