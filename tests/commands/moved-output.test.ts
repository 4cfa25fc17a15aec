import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { builtServer, Workshop } from '../support/server-process'

const workshop = new Workshop()
afterEach(() => workshop.tidy())

/** How long the encoder may take to start and read the seed's FAQs: half a minute on a busy machine. */
const ENCODER_TIMEOUT_MS = 120_000

it('a built server that was moved away from its project answers doubtful questions with the sentence encoder', async () => {
  const folder = workshop.folder()
  cpSync(dirname(dirname(builtServer)), join(folder, 'output'), { recursive: true, verbatimSymlinks: true })
  const server = workshop.launch({
    script: join(folder, 'output/server/index.mjs'), cwd: folder,
    env: { DATA_DIR: join(folder, 'data'), ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'cypress-island-violin', RATE_LIMITS: 'off', LOG_LEVEL: 'warn' },
  })
  const admin = createTestClient(await server.ready())
  expect((await admin.post('/api/auth/login', { email: 'admin@example.com', password: 'cypress-island-violin' })).status).toBe(200)
  const until = performance.now() + ENCODER_TIMEOUT_MS
  let tried
  // The first doubtful question is answered by words and starts the encoder; a later one finds it ready.
  do {
    await new Promise(resolve => setTimeout(resolve, 250))
    tried = (await admin.post('/api/admin/faqs/try', { question: 'Can we bring our dog?' })).body
  } while (!tried.used_encoder && performance.now() < until && !server.output.includes('encoder is not available'))
  expect(server.output).not.toContain('encoder is not available')
  expect(tried).toMatchObject({ used_encoder: true })
}, ENCODER_TIMEOUT_MS + 180_000)
