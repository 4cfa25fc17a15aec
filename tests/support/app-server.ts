import { spawn, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createTestClient, type TestClient } from './api-client'

/** A built server in a process of its own, for what only a process shows: kills, several servers over one database. */
export interface AppServer {
  origin: string
  /** Starts it (again) and waits until it is ready. */
  start: () => Promise<void>
  /** SIGKILL, as a power cut does it. */
  kill: () => Promise<void>
  /** SIGTERM; says how long it took. */
  stop: () => Promise<number>
  /** Whether the process that was started last is over. */
  hasEnded: () => boolean
  /** The exit code or signal of the process that was started last; null while it runs. */
  ending: () => number | NodeJS.Signals | null
  /** Of the running process. */
  pid: () => number
}

export interface AppServerOptions {
  /** `.output/server/index.mjs` of a build. */
  entry: string
  variables: Record<string, string>
  /** Takes its log. */
  logFile: string
}

export const ADMIN = { email: 'chaos-admin@example.com', password: 'olive-harbour-lemon-linen' }
const SECRETS = { AUTH_SECRET: 'chaos-auth-secret-0123456789abcdef', ENCRYPTION_KEY: 'chaos-encryption-key-0123456789abc' }

export async function createAppServer({ entry, variables, logFile }: AppServerOptions): Promise<AppServer> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const log = openSync(logFile, 'a')
  let child: ChildProcess | undefined
  const isOver = (of: ChildProcess) => of.exitCode !== null || of.signalCode !== null
  const ended = (of: ChildProcess) => isOver(of) ? Promise.resolve() : new Promise<void>(resolve => of.once('exit', () => resolve()))
  return {
    origin,
    async start() {
      child = spawn(process.execPath, [entry], {
        stdio: ['ignore', log, log],
        env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), HOST: '127.0.0.1', RATE_LIMITS: 'off', LOG_LEVEL: 'warn', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ...SECRETS, ...variables },
      })
      for (let tries = 0; ; tries++) {
        if (isOver(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}; see ${logFile}`)
        if (await fetch(`${origin}/api/health/ready`).then(response => response.ok, () => false)) return
        if (tries > 1_200) throw new Error(`The server is not ready after two minutes; see ${logFile}`)
        await pause(100)
      }
    },
    async kill() {
      child!.kill('SIGKILL')
      await ended(child!)
    },
    async stop() {
      const started = performance.now()
      child!.kill('SIGTERM')
      await ended(child!)
      return performance.now() - started
    },
    hasEnded: () => isOver(child!),
    ending: () => child!.exitCode ?? child!.signalCode,
    pid: () => child!.pid!,
  }
}

/** A client signed in as the admin, or as a customer that is registered for it. */
export async function signIn(origin: string, customer?: { email: string, name: string }): Promise<TestClient> {
  const client = createTestClient(origin)
  const account = customer ? { ...customer, password: ADMIN.password } : ADMIN
  if (customer) await client.post('/api/auth/register', account)
  const { status } = await client.post('/api/auth/login', account)
  if (status !== 200) throw new Error(`Signing in as ${account.email} gave ${status}`)
  return client
}

/** Changes the config through the API, over whatever version there is. */
export async function putConfig(admin: TestClient, fields: Record<string, unknown>): Promise<void> {
  const { version } = (await admin.get('/api/admin/config')).body
  const { status, text } = await admin.put('/api/admin/config', { version, ...fields })
  if (status !== 200) throw new Error(`The config was refused: ${text}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
