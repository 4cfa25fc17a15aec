import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { root, Workshop } from '../support/server-process'

const workshop = new Workshop()
afterEach(() => workshop.tidy())

const start = join(root, 'scripts/start.mjs')

describe('npm start', () => {
  it('neither installs nor builds when nothing has changed, and is ready in seconds', async () => {
    const dataDir = workshop.folder()
    const first = workshop.launch({ script: start, env: { DATA_DIR: dataDir } })
    await first.ready()
    expect(first.stdout).toContain('1/1 Starting the server')
    await first.stop()
    const begun = performance.now()
    const second = workshop.launch({ script: start, env: { DATA_DIR: dataDir } })
    const origin = await second.ready()
    expect(performance.now() - begun).toBeLessThan(15_000)
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
    expect(await second.stop()).toMatchObject({ code: 0 })
  })

  it('run twice, the second is refused with a sentence and the first goes on', async () => {
    const dataDir = workshop.folder()
    const first = workshop.launch({ script: start, env: { DATA_DIR: dataDir } })
    const origin = await first.ready()
    const second = await workshop.launch({ script: start, env: { DATA_DIR: dataDir } }).ended
    expect(second.code).toBe(1)
    expect(second.output).toMatch(/is in use by process/)
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 })
  })

  it('answers to the signal itself: it is the server, not its parent', async () => {
    const server = workshop.launch({ script: start })
    await server.ready()
    const { stdout } = server
    expect(stdout).not.toContain('Building')
    process.kill(server.child.pid!, 'SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, signal: null })
  })
})

describe('an old Node', () => {
  it('is told which one is needed, in one sentence', async () => {
    const folder = workshop.folder()
    mkdirSync(join(folder, 'scripts'))
    // The real file with an old version number in the place where it looks.
    const source = readFileSync(start, 'utf8').replaceAll('process.versions.node', '"18.19.0"')
    writeFileSync(join(folder, 'scripts/start.mjs'), source)
    const { code, output } = await workshop.launch({ script: join(folder, 'scripts/start.mjs') }).ended
    expect(code).toBe(1)
    expect(output.trim()).toBe('VasiliasBot needs Node 20.19 or newer, and this is Node 18.19.0. Install a newer one from your package manager or nodejs.org, then run the command again.')
  })
})
