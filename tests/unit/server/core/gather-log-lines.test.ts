import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { gatherLogLines } from '#server/core/log'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'))
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

function logTo(file: string) {
  const stream = pino.destination({ dest: join(folder, file), sync: true })
  gatherLogLines(stream)
  const log = pino({ base: undefined, formatters: { level: label => ({ level: label }) } }, stream)
  return { log, messages: () => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean).map(line => (JSON.parse(line) as { msg: string }).msg) }
}

it('lines of level info are written together after a moment', () => {
  const { log, messages } = logTo('a.log')
  log.info('one')
  log.info('two')
  expect(messages()).toEqual([])
  vi.advanceTimersByTime(100)
  expect(messages()).toEqual(['one', 'two'])
})

it('a warning is written at once, after what came before it', () => {
  const { log, messages } = logTo('b.log')
  log.info('before')
  log.warn('this')
  expect(messages()).toEqual(['before', 'this'])
  log.info('after')
  expect(messages()).toHaveLength(2)
})

it('a full buffer does not wait, and no line is lost, doubled or out of order', () => {
  const { log, messages } = logTo('c.log')
  const texts = Array.from({ length: 200 }, (_, n) => `line ${n} ${'x'.repeat(n)}`)
  for (const text of texts) log.info(text)
  expect(messages().length).toBeGreaterThan(150)
  vi.advanceTimersByTime(100)
  expect(messages()).toEqual(texts)
})
