import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Attribute { key: string, value: { stringValue?: string, intValue?: number | string } }
export interface ReceivedSpan { traceId: string, spanId: string, parentSpanId?: string, name: string, kind: number, status?: { code?: number }, attributes: Record<string, unknown> }

/** A collector that takes OTLP over HTTP as JSON, and keeps the spans. */
export async function startOtlpReceiver() {
  const spans: ReceivedSpan[] = []
  const bodies: string[] = []
  const services = new Set<unknown>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const text = Buffer.concat(chunks).toString()
      bodies.push(text)
      if (request.url !== '/v1/traces') return response.writeHead(404).end()
      const flat = (attributes: Attribute[] = []) => Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]))
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        services.add(flat(resource.attributes)['service.name'])
        for (const scope of scopeSpans) for (const span of scope.spans) spans.push({ ...span, attributes: flat(span.attributes) })
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    services,
    stop: () => new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
