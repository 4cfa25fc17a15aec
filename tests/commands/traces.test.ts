import { afterEach, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { startOtlpReceiver } from '../support/otlp-receiver'
import { Workshop } from '../support/server-process'

const workshop = new Workshop()
afterEach(() => workshop.tidy())

it('a built server sends its traces, the last ones as it stops, and loads none of it without a collector', async () => {
  const collector = await startOtlpReceiver()
  const server = workshop.launch({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, LOG_LEVEL: 'info' } })
  const visitor = createTestClient(await server.ready())
  const { headers } = await visitor.get('/api/health/ready')
  expect((await visitor.get('/')).status).toBe(200)
  expect((await server.stop()).code).toBe(0)
  const request = collector.spans.find(span => span.name === 'GET /api/health/ready')!
  expect(request.attributes).toMatchObject({ 'http.response.status_code': 200, 'request.id': headers.get('x-request-id') })
  expect(collector.spans.filter(span => span.parentSpanId === request.spanId).map(span => span.name)).toContain('database select')
  expect(collector.spans.some(span => span.name === 'GET page')).toBe(true)
  expect(server.output).not.toContain('Traces cannot be sent')
  await collector.stop()
})
