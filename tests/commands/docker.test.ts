import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { validate, ValidationSeverity } from 'dockerfile-utils'
import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createTestClient } from '../support/api-client'
import { builtServer, root, Workshop } from '../support/server-process'

/*
 * There is no Docker where the tests run, so the Dockerfile's steps are taken without it: the last stage on the build
 * that the other tests use, and with DOCKER_STEPS=all (`npm run test:docker`) the building stage from a copy of the
 * sources as well, which takes minutes.
 */
const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
const dockerfile = DockerfileParser.parse(text)
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter(line => line && !line.startsWith('#'))

const workshop = new Workshop()
afterEach(() => workshop.tidy())

/** The instructions of a stage, by the name after AS. */
function stage(name: string): Instruction[] {
  const all = dockerfile.getInstructions()
  const from = dockerfile.getFROMs().find(each => each.getBuildStage() === name)!
  const next = dockerfile.getFROMs().find(each => each.getRange().start.line > from.getRange().start.line)
  return all.filter(each => each.getRange().start.line > from.getRange().start.line && (!next || each.getRange().start.line < next.getRange().start.line))
}

const steps = (name: string, keyword: string) => stage(name).filter(each => each.getKeyword() === keyword)
const argumentsOf = (instruction: Instruction) => instruction.getArguments().map(each => each.getValue())
const commandOf = (instruction: Instruction): string[] => JSON.parse(instruction.getTextContent().match(/CMD (\[.*\])$/s)![1]!)
const variables = (name: string) => Object.fromEntries(steps(name, 'ENV').flatMap(argumentsOf).map((pair) => {
  const [key, ...value] = pair.split('=')
  return [key!, value.join('=')]
}))

describe('the Dockerfile', () => {
  it('has nothing a linter objects to', () => {
    expect(validate(text).filter(({ severity }) => severity === ValidationSeverity.ERROR || severity === ValidationSeverity.WARNING)).toEqual([])
  })

  it('ends in a stage without root, which says when it is ready and is stopped by the signal the server knows', () => {
    const names = stage('server').map(each => each.getKeyword())
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('CMD'))
    expect(argumentsOf(steps('server', 'USER').at(-1)!)).toEqual(['node'])
    expect(names).toEqual(expect.arrayContaining(['HEALTHCHECK', 'EXPOSE', 'STOPSIGNAL', 'VOLUME']))
    expect(commandOf(steps('server', 'CMD')[0]!), 'no shell between Docker and the server').toEqual(['node', 'server/index.mjs'])
  })

  it('is given no secrets and no other platform’s packages', () => {
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.env.*', '.data', '.git', 'node_modules', '.output']))
    expect(text).not.toMatch(/SECRET|PASSWORD|_KEY/)
  })

  it('leaves behind a server that starts from its own files, is found healthy, and ends on SIGTERM', async () => {
    const [copied] = steps('server', 'COPY').map(argumentsOf)
    expect(copied!.slice(-2)).toEqual(['/app/.output', './'])
    const app = workshop.folder()
    cpSync(dirname(dirname(builtServer)), app, { recursive: true, verbatimSymlinks: true })
    const data = join(workshop.folder(), 'data')
    for (const run of steps('server', 'RUN').map(each => each.getArgumentsContent()!)) {
      execFileSync('sh', ['-euc', run.replaceAll('/data', data).replace(/chown node:node/, 'chown "$(id -u):$(id -g)"')])
    }
    const env = { ...variables('server'), DATA_DIR: data, PORT: '0' }
    const [node, ...args] = commandOf(steps('server', 'CMD')[0]!)
    expect(node).toBe('node')
    const server = workshop.launch({ script: join(app, args[0]!), cwd: app, env })
    const origin = await server.ready()
    expect((await createTestClient(origin).get('/')).status).toBe(200)
    const [program, ...check] = commandOf(steps('server', 'HEALTHCHECK')[0]!)
    const isHealthy = (port: string) => {
      try {
        execFileSync(program === 'node' ? process.execPath : program!, check, { env: { PATH: process.env.PATH, PORT: port }, stdio: 'ignore' })
        return true
      }
      catch {
        return false
      }
    }
    expect(isHealthy(new URL(origin).port)).toBe(true)
    expect(await server.stop('SIGTERM')).toMatchObject({ code: 0 })
    expect(isHealthy(new URL(origin).port)).toBe(false)
  })

  it.skipIf(process.env.DOCKER_STEPS !== 'all')('builds from a copy of the sources without what .dockerignore names', async () => {
    const app = join(workshop.folder(), 'app')
    mkdirSync(app)
    const left = new Set(ignored.filter(name => !/[*!]/.test(name)))
    for (const instruction of stage('build')) {
      const given = argumentsOf(instruction)
      if (instruction.getKeyword() === 'RUN') execFileSync('sh', ['-euc', instruction.getArgumentsContent()!], { cwd: app, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...variables('build') }, stdio: ['ignore', 'ignore', 'inherit'] })
      if (instruction.getKeyword() !== 'COPY') continue
      for (const source of given.slice(0, -1)) {
        cpSync(join(root, source), source === '.' ? app : join(app, basename(source)), { recursive: true, filter: path => path === root || !(left.has(path.slice(root.length)) || /(?:^|\/)\.env(?:\..*)?$|\.log$/.test(path)) })
      }
    }
    expect(existsSync(join(app, '.output/server/index.mjs'))).toBe(true)
    const server = workshop.launch({ script: join(app, '.output/server/index.mjs'), cwd: join(app, '.output') })
    expect((await createTestClient(await server.ready()).get('/api/health/ready')).status).toBe(200)
  }, 900_000)
})

describe('compose.yaml', () => {
  const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'))

  it('starts the server when its PostgreSQL is healthy, and never without secrets', () => {
    const { app, database } = compose.services
    expect(app.depends_on).toEqual({ database: { condition: 'service_healthy' } })
    expect(database.healthcheck.test[0]).toBe('CMD-SHELL')
    for (const name of ['AUTH_SECRET', 'ENCRYPTION_KEY']) expect(app.environment[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?`))
    expect(app.environment.DATABASE_URL).toContain('${POSTGRES_PASSWORD:?')
    expect(app.environment.DATABASE_URL).toContain(`@database:5432/${database.environment.POSTGRES_DB}`)
    expect(Object.keys(compose.volumes)).toEqual(['database'])
  })

  it('knows only variables that the server knows, and waits longer than requests may take', () => {
    const known = readFileSync(join(root, '.env.example'), 'utf8')
    for (const name of Object.keys(compose.services.app.environment)) expect(known).toMatch(new RegExp(`^#?${name}=`, 'm'))
    expect(Number.parseInt(compose.services.app.stop_grace_period)).toBeGreaterThan(25)
  })
})

describe('the systemd unit', () => {
  const unit = readFileSync(join(root, 'deploy/vasiliasbot.service'), 'utf8')

  it('runs the built server, restarts it, and gives it the time it may take to stop', () => {
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/node \.output\/server\/index\.mjs$/m)
    expect(unit).toMatch(/^Restart=on-failure$/m)
    expect(Number(unit.match(/^TimeoutStopSec=(\d+)$/m)![1])).toBeGreaterThan(25)
    expect(unit).toMatch(/^KillMode=mixed$/m)
  })

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('has nothing systemd objects to', () => {
    const folder = workshop.folder()
    const file = join(folder, 'vasiliasbot.service')
    cpSync(join(root, 'deploy/vasiliasbot.service'), file)
    const said = execFileSync('sh', ['-c', `systemd-analyze verify --man=no "${file}" 2>&1 || true`], { encoding: 'utf8' })
    // Of the machine at hand: no such user, no such program there.
    expect(said.split('\n').filter(line => /Unknown|Invalid|Failed to parse/i.test(line) && line.includes('vasiliasbot'))).toEqual([])
  })
})
