import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { aggregate, type ProcessMetrics } from '#server/services/render-metrics'

async function worker(replies: number, outbox: number, seconds: number): Promise<ProcessMetrics> {
  const registry = new Registry()
  new Counter({ name: 'replies', help: 'h', labelNames: ['source'], registers: [registry] }).inc({ source: 'faq' }, replies)
  new Gauge({ name: 'outbox', help: 'h', aggregator: 'max', registers: [registry] }).set(outbox)
  new Histogram({ name: 'seconds', help: 'h', buckets: [1, 5], registers: [registry] }).observe(seconds)
  // As it travels between processes.
  return structuredClone(await registry.getMetricsAsJSON()) as ProcessMetrics
}

it('what several workers counted is added up; what all of them see alike is not', async () => {
  const text = await aggregate([await worker(3, 7, 0.5), await worker(4, 7, 2)]).metrics()
  expect(text).toContain('replies{source="faq"} 7')
  expect(text).toContain('outbox 7')
  expect(text).toContain('seconds_bucket{le="1"} 1')
  expect(text).toContain('seconds_bucket{le="5"} 2')
  expect(text).toContain('seconds_count 2')
  expect(text).toContain('vasiliasbot_workers 2')
})
