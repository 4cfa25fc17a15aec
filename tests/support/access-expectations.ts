import { randomUUID } from 'node:crypto'
import type { Access } from '#server/utils/api-route'
import type { Person, Thing } from './access-world'

/** What goes out for one call; `id` is that of the thing the call is about. */
export interface Sent { body?: unknown, query?: string, headers?: Record<string, string> }

export interface Expectation {
  access: Access
  /** What `right` and `foreign` ids name: `right` is the customer's own, `foreign` somebody else's. Left out: the call names nothing. */
  thing?: Thing
  send?: (id: string, person: Person) => Sent
  /** The answer to whoever is let in, with the right id. */
  ok: number
  /** The answer to whoever is let in, with an id that nothing has; 404 unless said otherwise. */
  unknown?: number
  /** Public routes that answer some people otherwise. */
  except?: Partial<Record<Person['is'], number>>
}

const json = (body: unknown) => () => ({ body })
const read: Expectation = { access: 'admin', ok: 200 }
const faq = () => ({ question: `May I bring a ${randomUUID()}?`, answer: 'Yes.' })

/*
 * Who may do what, one line a route and method: tests/integration/access-matrix.test.ts asks every one of them as six
 * kinds of people with three kinds of ids. A route without a line here fails that test.
 */
export const expectations: Record<string, Expectation> = {
  'DELETE /api/account': { access: 'customer', ok: 200, send: (_, person) => ({ body: { current_password: person.password } }) },
  'GET /api/account/export': { access: 'customer', ok: 200 },
  'GET /api/account/plan': { access: 'customer', ok: 200 },
  'PUT /api/account/plan': { access: 'customer', ok: 200, send: json({ wedding_date: '2027-06-19', guests: 80, budget_euros: null, version: 0 }) },
  'PUT /api/account/plan/tasks/:key': { access: 'customer', thing: 'task', ok: 200, send: json({ done: true }) },
  'GET /api/account/profile': { access: 'customer', ok: 200 },
  'PATCH /api/account/profile': { access: 'customer', ok: 200, send: json({ name: 'Another name' }) },
  'GET /api/account/sessions': { access: 'customer', ok: 200 },
  'DELETE /api/account/sessions': { access: 'customer', ok: 200 },
  'DELETE /api/account/sessions/:id': { access: 'customer', thing: 'session', ok: 204 },
  // 503: no mail server is configured here.
  'POST /api/account/verify-email': { access: 'customer', ok: 503 },

  'GET /api/admin/analytics': read,
  'GET /api/admin/audit': read,
  'GET /api/admin/config': read,
  'PUT /api/admin/config': { access: 'admin', ok: 409, send: json({ version: 1_000_000, bot_name: 'Mallory' }) },
  'POST /api/admin/config/test': { access: 'admin', ok: 200, send: json({ question: 'Are you there?', rag_api_url: 'http://127.0.0.1:9/' }) },
  'GET /api/admin/conversations': read,
  'GET /api/admin/conversations/waiting': read,
  'GET /api/admin/conversations/:id': { access: 'admin', thing: 'conversation', ok: 200 },
  'POST /api/admin/conversations/:id/claim': { access: 'admin', thing: 'conversation', ok: 200, send: json({}) },
  'POST /api/admin/conversations/:id/hand-back': { access: 'admin', thing: 'conversation', ok: 200 },
  'POST /api/admin/conversations/:id/messages': { access: 'admin', thing: 'conversation', ok: 201, send: json({ text: 'A person here.' }) },
  'GET /api/admin/faqs': read,
  'POST /api/admin/faqs': { access: 'admin', ok: 201, send: () => ({ body: faq() }) },
  'GET /api/admin/faqs/:id': { access: 'admin', thing: 'faq', ok: 200 },
  'PATCH /api/admin/faqs/:id': { access: 'admin', thing: 'faq', ok: 200, send: json({ version: 1, answer: 'Another answer.' }) },
  'DELETE /api/admin/faqs/:id': { access: 'admin', thing: 'faq', ok: 204 },
  'GET /api/admin/faqs/export': read,
  'POST /api/admin/faqs/import': { access: 'admin', ok: 200, send: () => ({ body: [faq()] }) },
  'GET /api/admin/faqs/negatives': read,
  'POST /api/admin/faqs/negatives': { access: 'admin', thing: 'faq', ok: 201, send: id => ({ body: { faq_id: id, question: 'What is the weather like?' } }) },
  'DELETE /api/admin/faqs/negatives/:id': { access: 'admin', thing: 'negative', ok: 204 },
  'POST /api/admin/faqs/order': { access: 'admin', thing: 'faq', ok: 200, unknown: 409, send: id => ({ body: { ids: [id] } }) },
  'POST /api/admin/faqs/replay': { access: 'admin', ok: 200, send: json({ limit: 50 }) },
  'POST /api/admin/faqs/similar': { access: 'admin', ok: 200, send: json({ question: 'What time is check-in?' }) },
  'POST /api/admin/faqs/try': { access: 'admin', ok: 200, send: json({ question: 'What time is check-in?' }) },
  'GET /api/admin/feedback': read,
  'GET /api/admin/feedback/export': read,
  'GET /api/admin/outbox': read,
  'POST /api/admin/outbox/:id/retry': { access: 'admin', thing: 'delivery', ok: 200 },
  'GET /api/admin/rag/status': read,
  'GET /api/admin/retention/preview': { access: 'admin', ok: 200, send: () => ({ query: '?days=30' }) },
  'GET /api/admin/unanswered': read,
  'GET /api/admin/unanswered/:id': { access: 'admin', thing: 'group', ok: 200 },
  'POST /api/admin/unanswered/:id/reopen': { access: 'admin', thing: 'group', ok: 200 },
  'POST /api/admin/unanswered/:id/resolve': { access: 'admin', thing: 'group', ok: 200, send: json({ action: 'dismiss' }) },
  'POST /api/admin/unanswered/preview': { access: 'admin', ok: 200, send: () => ({ body: { faq: { ...faq(), phrasings: [] } } }) },
  'GET /api/admin/users': read,
  'PATCH /api/admin/users/:id': { access: 'admin', thing: 'account', ok: 200, send: json({ version: 1, disabled: true }) },
  'GET /api/admin/waiting': read,

  'POST /api/auth/login': { access: 'public', ok: 200, except: { 'disabled': 401, 'disabled admin': 401 }, send: (_, person) => ({ body: { email: person.email, password: person.password } }) },
  'POST /api/auth/logout': { access: 'public', ok: 200 },
  // No provider is configured here.
  'GET /api/auth/oidc/callback': { access: 'public', ok: 404 },
  'GET /api/auth/oidc/start': { access: 'public', ok: 404 },
  'GET /api/auth/options': { access: 'public', ok: 200 },
  'POST /api/auth/password': { access: 'customer', ok: 200, send: (_, person) => ({ body: { current_password: person.password, new_password: 'meadow-lantern-copper-tide' } }) },
  'POST /api/auth/password-reset': { access: 'public', ok: 503, send: (_, person) => ({ body: { email: person.email } }) },
  // The links of nobody's mail.
  'POST /api/auth/password-reset/confirm': { access: 'public', ok: 400, send: json({ token: 'x'.repeat(43), new_password: 'meadow-lantern-copper-tide' }) },
  'POST /api/auth/verify-email': { access: 'public', ok: 400, send: json({ token: 'x'.repeat(43) }) },
  'POST /api/auth/register': { access: 'public', ok: 201, send: (_, person) => ({ body: { email: `new-${person.email}`, password: person.password, name: 'New' } }) },
  'GET /api/auth/session': { access: 'public', ok: 200 },

  'GET /api/chatbot/config': { access: 'customer', ok: 200 },
  'GET /api/chatbot/conversations': { access: 'customer', ok: 200 },
  'DELETE /api/chatbot/conversations': { access: 'customer', ok: 200 },
  'POST /api/chatbot/conversations/:id/close': { access: 'customer', thing: 'conversation', ok: 200 },
  'GET /api/chatbot/conversations/:id/messages': { access: 'customer', thing: 'conversation', ok: 200 },
  'GET /api/chatbot/conversations/:id/transcript': { access: 'customer', thing: 'conversation', ok: 200 },
  // 503: no mail server is configured here, and whose conversation it is has been looked at before.
  'POST /api/chatbot/conversations/:id/transcript': { access: 'customer', thing: 'conversation', ok: 503, send: json({ delivery: 'email' }) },
  'GET /api/chatbot/faqs': { access: 'customer', ok: 200 },
  'POST /api/chatbot/feedback': { access: 'customer', thing: 'reply', ok: 200, send: id => ({ body: { message_id: id, value: 'up' } }) },
  'POST /api/chatbot/messages': { access: 'customer', thing: 'conversation', ok: 200, send: id => ({ body: { message_text: 'What time is check-in?', conversation_id: id } }) },

  'POST /api/client-errors': { access: 'public', ok: 204, send: () => ({ body: { message: 'TypeError: x is undefined', page: '/' }, headers: { 'sec-fetch-site': 'same-origin' } }) },

  // Their own tokens, not sessions, are tested in tests/integration/rag; without one nobody gets in.
  'GET /api/cron/deliver': { access: 'public', ok: 401 },
  'POST /api/cron/deliver': { access: 'public', ok: 401 },
  'GET /api/metrics': { access: 'public', ok: 404, send: () => ({ headers: { 'x-forwarded-for': '203.0.113.9' } }) },
  'GET /api/health/live': { access: 'public', ok: 200 },
  'GET /api/health/ready': { access: 'public', ok: 200 },
  'GET /api/openapi.json': { access: 'public', ok: 200 },
}
