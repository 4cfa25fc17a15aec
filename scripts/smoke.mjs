// A start from nothing, the way a new user does it: clone, `npm start`, sign in with what it prints, ask one question,
// stop, start again. Run by .ci/run; `node scripts/smoke.mjs` does it by hand. Everything it makes is removed again.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { duration } from './lib/progress.mjs'
import { root } from './lib/project.mjs'
import { run } from './lib/run.mjs'

const FIRST_START_MS = 12 * 60_000
const SECOND_START_MS = 60_000
const STOP_MS = 60_000
const SETTINGS = ['HOST', 'DATABASE_URL', 'DATA_DIR', 'AUTH_SECRET', 'ENCRYPTION_KEY', 'ADMIN_EMAIL', 'ADMIN_PASSWORD', 'REDIS_URL', 'SMTP_URL', 'PUBLIC_URL', 'TRUST_PROXY', 'RATE_LIMITS', 'LOG_LEVEL', 'NODE_ENV', 'NODE_OPTIONS', 'CI']

const workshop = mkdtempSync(join(tmpdir(), 'vb-smoke-'))
const clone = join(workshop, 'vasiliasbot')
const children = new Set()
const begun = Date.now()

process.once('exit', tidy)
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) process.once(signal, () => process.exit(code))

try {
  await smoke()
  console.log(`Smoke run from a clean clone: all right, ${duration(Date.now() - begun)}`)
}
catch (error) {
  console.error(`Smoke run from a clean clone: failed. ${error.message}`)
  process.exitCode = 1
}

async function smoke() {
  await step('clone', async () => {
    const code = await run('git', ['clone', '--quiet', root, clone])
    if (code !== 0) copyProject()
  })
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  let server
  await step('first start: install, build, database, seed', async () => {
    server = npmStart(port)
    await server.says(/ready at /, FIRST_START_MS)
    await server.says(/^\s*admin\s+\S+@\S+\s+\S+/m, 5_000)
  })
  const [, email, password] = server.output().match(/^\s*customer\s+(\S+@\S+)\s+(\S+)/m) ?? fail('no demo sign-in was printed')
  await step('health, home page, sign-in, one question', async () => {
    expect((await fetch(`${origin}/api/health/ready`)).status, 200, 'GET /api/health/ready')
    const home = await fetch(`${origin}/`)
    expect(home.status, 200, 'GET /')
    if (!/<h1/.test(await home.text())) fail('the home page has no heading')
    const login = await post(`${origin}/api/auth/login`, { email, password })
    expect(login.status, 200, 'sign-in')
    const cookie = login.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
    const asked = await post(`${origin}/api/chatbot/messages`, { message_text: 'What happens if it rains?' }, { cookie })
    expect(asked.status, 200, 'POST /api/chatbot/messages')
    const reply = await asked.json()
    if (reply.sender !== 'bot' || reply.source !== 'faq' || !reply.text) fail(`the question was not answered from the FAQs: ${JSON.stringify(reply)}`)
  })
  await step('SIGTERM', async () => expect(await server.stop(), 0, 'the exit code'))
  await step('second start', async () => {
    server = npmStart(port)
    await server.says(/ready at /, SECOND_START_MS)
    if (/Installing|Building/.test(server.output())) fail('the second start installed or built again')
    if (server.output().includes(email)) fail('the second start showed the sign-ins again')
    expect((await fetch(`${origin}/api/health/ready`)).status, 200, 'GET /api/health/ready')
    expect(await server.stop(), 0, 'the exit code')
  })
}

function npmStart(port) {
  const env = { ...process.env, PORT: String(port) }
  for (const name of SETTINGS) delete env[name]
  // What npm has told this process about its own run is not for another project's npm.
  for (const name of Object.keys(env)) if (/^npm_(?:lifecycle|package|command|execpath)/.test(name)) delete env[name]
  const child = spawn('npm', ['start'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  children.add(child)
  let output = ''
  let ended = false
  let tell = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
      tell()
    })
  }
  const exit = new Promise(resolve => child.once('close', (code, signal) => {
    ended = true
    tell()
    resolve(code ?? signal)
  }))
  return {
    output: () => output,
    says: (pattern, timeoutMs) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`npm start did not say ${pattern} in ${duration(timeoutMs)}. It said:\n${output}`)), timeoutMs)
      tell = () => {
        const found = pattern.test(output)
        if (!found && !ended) return
        clearTimeout(timer)
        tell = () => {}
        if (found) resolve()
        else reject(new Error(`npm start ended before it said ${pattern}. It said:\n${output}`))
      }
      tell()
    }),
    async stop() {
      child.kill('SIGTERM')
      let timer
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`npm start did not end within ${duration(STOP_MS)} of SIGTERM. It said:\n${output}`)), STOP_MS)
      })
      const code = await Promise.race([exit, late])
      clearTimeout(timer)
      children.delete(child)
      return code
    },
  }
}

async function step(title, work) {
  const since = Date.now()
  await work()
  console.log(`    ${title}: ${duration(Date.now() - since)}`)
}

function post(url, body, headers = {}) {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

function expect(actual, wanted, what) {
  if (actual !== wanted) fail(`${what} is ${actual} and not ${wanted}`)
}

function fail(message) {
  throw new Error(message)
}

/** Where git cannot clone (no repository, another owner): the files themselves, without what they made. */
function copyProject() {
  const made = new Set(['.git', 'node_modules', '.nuxt', '.output', '.data', '.cache', 'coverage', 'test-results', 'playwright-report', '.env'])
  cpSync(root, clone, { recursive: true, filter: source => !made.has(basename(source)) })
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function tidy() {
  for (const child of children) {
    try {
      process.kill(-child.pid, 'SIGKILL')
    }
    catch { /* It has ended by itself. */ }
  }
  rmSync(workshop, { recursive: true, force: true, maxRetries: 5 })
}
