import { afterAll, beforeAll, expect, it } from 'vitest'
import { inSpan, isTracing, setTracing, startSpan, traceparent, type Tracing } from '#server/core/trace'
import { observeDatabase } from '#server/services/observe-database'
import { startTracing } from '#server/services/tracing'
import { startApi, type ApiHarness } from '../../support/api'
import { startOtlpReceiver } from '../../support/otlp-receiver'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

let api: ApiHarness
let server: RagServer
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>
let tracing: Tracing
beforeAll(async () => {
  collector = await startOtlpReceiver()
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint
  api = await startApi()
  server = await startRagServer()
  observeDatabase(0)
})
afterAll(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  setTracing(null)
  await api.close()
  await server.stop()
  await collector.stop()
})

it('nothing is traced until somebody collects', async () => {
  expect([isTracing(), startSpan('nothing'), traceparent()]).toEqual([false, null, null])
  expect(await inSpan('nothing', {}, async span => span)).toBeNull()
})

it('a question is one trace from the request to the matcher, the database and the RAG API, below its caller, without a word of it', async () => {
  setTracing(tracing = await startTracing())
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 10_000, ragLateAnswerMs: 0 })
  const anna = await api.customer()
  const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
  server.always(rag.answer('No, not on Sundays.'))
  const answer = await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() }, { traceparent: `00-${caller.trace}-${caller.span}-01` })
  expect(answer.body.source).toBe('rag')
  server.always(rag.status(500))
  await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(2) })
  await anna.get('/api/not-there', { traceparent: 'nonsense' })
  await api.settled()
  setTracing(null)
  await tracing.stop()

  const own = collector.spans.filter(span => span.traceId === caller.trace)
  const request = own.find(span => span.name === 'POST /api/chatbot/messages')!
  expect(request).toMatchObject({ parentSpanId: caller.span, kind: 2, attributes: { 'http.route': '/api/chatbot/messages', 'http.response.status_code': 200, 'request.id': answer.headers.get('x-request-id') } })
  const names = new Map(own.map(span => [span.name, span]))
  expect([...names.keys()]).toEqual(expect.arrayContaining(['match FAQs by words', 'match FAQs again', 'ask RAG', 'database select', 'database with']))
  const ids = new Set(own.map(span => span.spanId))
  for (const span of own) if (span !== request) expect([span.name, ids.has(span.parentSpanId!)]).toEqual([span.name, true])
  const asked = names.get('ask RAG')!
  expect(asked).toMatchObject({ kind: 3, attributes: { 'rag.format': 'plain', 'rag.outcome': 'answer', 'http.response.status_code': 200 } })
  expect(server.requests[0]!.headers.traceparent).toBe(`00-${caller.trace}-${asked.spanId}-01`)
  expect(collector.spans.filter(span => span.name === 'ask RAG' && span.status?.code === 2)).toHaveLength(1)
  expect(collector.spans.find(span => span.name === 'GET unknown')!.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect([...collector.services]).toEqual(['vasiliasbot'])
  expect(collector.bodies.join('')).not.toMatch(/zxqv|Sundays|anna/i)
})

it('a collector that is away costs a stop no more than a moment, and no request anything', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9'
  const lost = await startTracing()
  setTracing(lost)
  expect((await api.visitor().get('/api/health/ready')).status).toBe(200)
  setTracing(null)
  await lost.stop()
})
