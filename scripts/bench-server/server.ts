import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { CpuProfile } from './profile'

export const SECRETS = { AUTH_SECRET: 'bench-auth-secret-0123456789abcdef', ENCRYPTION_KEY: 'bench-encryption-key-0123456789abc' }
const TICKS_PER_SECOND = 100
const PAGE_KB = 4

export interface Usage { /** Seconds of processor time so far. */ cpu: number, /** Resident now, in MB. */ resident: number }
export interface BenchServer {
  origin: string
  readyMs: number
  processes: () => number[]
  usage: () => Usage
  /** Samples what the process does while `work` runs; only of one started with `profiled`. */
  profile: (work: () => Promise<unknown>) => Promise<CpuProfile>
  stop: () => Promise<void>
}

/** A port that was free a moment ago: a cluster cannot take port 0, each process would get another. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

/** Starts the built server, with its log in a file as in production, and waits until it says that it is ready. */
export async function startServer(entry: string, env: Record<string, string>, logFile: string, { profiled = false } = {}): Promise<BenchServer> {
  const port = await freePort()
  mkdirSync(dirname(logFile), { recursive: true })
  const profileFile = `${logFile}.cpuprofile`
  const started = performance.now()
  const child = spawn(process.execPath, [...(profiled ? ['--import', new URL('./profiler.mjs', import.meta.url).href] : []), entry], {
    env: { BENCH_PROFILE: profileFile, PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), RATE_LIMITS: 'off', BENCH_ROUTE: 'on', SENTENCE_ENCODER: 'off', ...SECRETS, ...env },
    stdio: ['ignore', openSync(logFile, 'w'), 'pipe'],
  })
  const origin = `http://127.0.0.1:${port}`
  await untilReady(child, origin)
  const readyMs = performance.now() - started
  const processes = () => family(child.pid!)
  return {
    origin,
    readyMs,
    processes,
    usage: () => processes().map(usageOf).reduce((sum, each) => ({ cpu: sum.cpu + each.cpu, resident: sum.resident + each.resident }), { cpu: 0, resident: 0 }),
    profile: async (work) => {
      child.kill('SIGUSR2')
      await work()
      child.kill('SIGUSR2')
      while (!existsSync(profileFile)) await new Promise(resolve => setTimeout(resolve, 50))
      const profile = JSON.parse(readFileSync(profileFile, 'utf8')) as CpuProfile
      rmSync(profileFile)
      return profile
    },
    stop: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    }),
  }
}

async function untilReady(child: ChildProcess, origin: string): Promise<void> {
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => said += text)
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended instead of starting. It said:\n${said}`)
    const ready = await fetch(`${origin}/api/health/ready`).then(response => response.ok, () => false)
    if (ready) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** A process and those it has started (the workers of a cluster). */
function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
    return [pid, ...children.flatMap(family)]
  }
  catch {
    return [pid]
  }
}

export function usageOf(pid: number): Usage {
  try {
    const fields = readFileSync(join('/proc', String(pid), 'stat'), 'utf8').replace(/^.*\) /, '').split(' ')
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, resident: Number(fields[21]) * PAGE_KB / 1024 }
  }
  catch {
    // No /proc here: these two columns stay empty.
    return { cpu: Number.NaN, resident: Number.NaN }
  }
}
