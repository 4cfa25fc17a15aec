import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** The built server; `SERVER_ENTRY` points the tests at another build. */
export const builtServer = process.env.SERVER_ENTRY ?? join(root, '.output/server/index.mjs')

const READY = /ready at (http:\/\/\S+?:\d+)/
const START_TIMEOUT_MS = 180_000

/** Nothing of the developer's own settings reaches a server under test: an empty variable counts as not set. */
const settings = ['PORT', 'HOST', 'DATABASE_URL', 'DATA_DIR', 'AUTH_SECRET', 'ENCRYPTION_KEY', 'ENCRYPTION_KEY_PREVIOUS', 'REDIS_URL', 'ADMIN_EMAIL', 'ADMIN_PASSWORD', 'SMTP_URL', 'MAIL_FROM', 'VERIFY_EMAIL', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_NAME', 'LOG_LEVEL', 'RATE_LIMITS', 'TRUST_PROXY', 'PUBLIC_URL', 'DATABASE_POOL', 'DATABASE_STATEMENT_TIMEOUT_MS', 'DATABASE_LOCK_TIMEOUT_MS', 'DATABASE_IDLE_TRANSACTION_TIMEOUT_MS', 'SLOW_QUERY_MS', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'DATABASE_REPLICA_URL', 'WORKERS', 'RAG_DENY_PRIVATE', 'RAG_DAILY_BUDGET', 'CRON_SECRET', 'METRICS_TOKEN', 'SENTENCE_ENCODER', 'EMBEDDINGS_URL', 'EMBEDDINGS_KEY', 'EMBEDDINGS_MODEL']

export interface Launch {
  env?: Record<string, string>
  /** What to run with Node; the built server when left out. */
  script?: string
  cwd?: string
}

export interface Ended { code: number | null, signal: NodeJS.Signals | null, output: string }

export class ServerProcess {
  readonly child: ChildProcess
  /** Resolves when the process has ended and all it wrote has been read. */
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  private readonly listeners = new Set<() => void>()

  constructor({ env = {}, script = builtServer, cwd = root }: Launch = {}) {
    this.child = spawn(process.execPath, [script], {
      cwd,
      env: { ...process.env, ...Object.fromEntries(settings.map(name => [name, ''])), NODE_ENV: 'production', NODE_OPTIONS: '', PORT: '0', HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => this.heard('stdout', text))
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => this.heard('stderr', text))
    // A run that is interrupted leaves no server behind.
    process.once('exit', this.killGroup)
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => {
      process.off('exit', this.killGroup)
      resolve({ code, signal, output: this.output })
      this.listeners.forEach(tell => tell())
    }))
  }

  private heard(stream: 'stdout' | 'stderr', text: string) {
    this[stream] += text
    this.listeners.forEach(tell => tell())
  }

  get output() {
    return this.stdout + this.stderr
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** Resolves with the match as soon as the process has written it; rejects when it ends or takes too long. */
  waitFor(pattern: RegExp, timeoutMs = START_TIMEOUT_MS): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.listeners.delete(look)
        settle()
      }
      const timer = setTimeout(() => finish(() => reject(new Error(`The server did not say ${pattern} in ${timeoutMs} ms. It said:\n${this.output}`))), timeoutMs)
      const look = () => {
        const match = this.output.match(pattern)
        if (match) finish(() => resolve(match))
        else if (this.hasEnded) finish(() => reject(new Error(`The server ended (${this.child.exitCode ?? this.child.signalCode}) before it said ${pattern}. It said:\n${this.output}`)))
      }
      this.listeners.add(look)
      look()
    })
  }

  /** The address, once requests are served. */
  async ready(): Promise<string> {
    const [, address] = await this.waitFor(READY)
    return address!.replace('localhost', '127.0.0.1')
  }

  /** Ends it and whatever it has started. */
  async destroy(): Promise<void> {
    this.killGroup()
    await this.ended
  }

  killGroup = () => {
    try {
      process.kill(-this.child.pid!, 'SIGKILL')
    }
    catch { /* They have ended by themselves. */ }
  }

  /** Asks it to end (or, with SIGKILL, ends it) and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (!this.hasEnded) this.child.kill(signal)
    return this.ended
  }
}

/** Folders and processes of a test that are gone when it is over, whatever happened. */
export class Workshop {
  private readonly processes: ServerProcess[] = []
  private readonly folders: string[] = []

  folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'vb-run-'))
    this.folders.push(path)
    return path
  }

  /** Starts a server on a free port; its data is in a new folder unless `DATA_DIR` or `DATABASE_URL` says otherwise. */
  launch(launch: Launch = {}): ServerProcess {
    const env = launch.env ?? {}
    const started = new ServerProcess({ ...launch, env: { ...(env.DATA_DIR || env.DATABASE_URL ? {} : { DATA_DIR: this.folder() }), ...env } })
    this.processes.push(started)
    return started
  }

  /** What all of its servers have written so far. */
  outputs(): string {
    return this.processes.map(each => each.output).join('\n')
  }

  async tidy() {
    await Promise.all(this.processes.map(each => each.destroy()))
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true })
    this.processes.length = 0
    this.folders.length = 0
  }
}
