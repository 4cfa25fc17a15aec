import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventEmitter } from 'node:events'
import type { BrowserContext } from '@playwright/test'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noteWords, watchWords, wordsInLog } from '../../../support/typed-words'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-words-'))
  vi.stubEnv('E2E_WORDS', join(folder, 'words'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('finds what was typed in a log, as it is, as JSON writes it and in an address', () => {
  noteWords(['three olive words', 'a "quoted"\nline', 'short', undefined])
  expect(wordsInLog('{"msg":"request"}')).toEqual({ asked: 2, found: [] })
  expect(wordsInLog('{"msg":"three olive words"}').found).toHaveLength(1)
  expect(wordsInLog('{"path":"/api?q=three%20olive%20words"}').found).toHaveLength(1)
  expect(wordsInLog('{"msg":"a \\"quoted\\"\\nline"}').found).toEqual([expect.stringContaining('in: {"msg"')])
})

it('notes what pages send and the cookies that let them in, and nothing else', async () => {
  const context = Object.assign(new EventEmitter(), { cookies: async () => [{ value: 'session-token-0123', httpOnly: true }, { value: 'theme-of-the-page', httpOnly: false }] })
  const watch = watchWords(context as unknown as BrowserContext)
  const request = (method: string, url: string, body: string | null) => ({ method: () => method, url: () => url, postData: () => body })
  context.emit('request', request('POST', 'http://x/api/chatbot/messages', JSON.stringify({ message_text: 'What if it rains?', page: '/not-a-secret' })))
  context.emit('request', request('PUT', 'http://x/api/admin/config', JSON.stringify({ nested: [{ rag_api_key: 'key-0123456789' }] })))
  context.emit('request', request('POST', 'http://elsewhere/x', JSON.stringify({ text: 'not for our server' })))
  context.emit('request', request('POST', 'http://x/api/x', 'no JSON'))
  context.emit('request', request('GET', 'http://x/api/x', null))
  await watch.end()
  expect(wordsInLog('What if it rains? key-0123456789 session-token-0123 /not-a-secret theme-of-the-page not for our server')).toEqual({ asked: 3, found: [expect.any(String), expect.any(String), expect.any(String)] })
})
