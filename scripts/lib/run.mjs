import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { CommandError, root } from './project.mjs'

const TAIL_LINES = 40
const KILL_AFTER_MS = 5_000
const running = new Set()
let isStopping = false

function stopAll(name) {
  isStopping = true
  for (const child of running) child.kill(name)
  const deadline = setTimeout(() => {
    for (const child of running) child.kill('SIGKILL')
    process.exit(name === 'SIGINT' ? 130 : 143)
  }, KILL_AFTER_MS)
  const check = setInterval(() => {
    if (running.size) return
    clearInterval(check)
    clearTimeout(deadline)
    process.exit(name === 'SIGINT' ? 130 : 143)
  }, 50)
}
const onInterrupt = () => stopAll('SIGINT')
const onTerminate = () => stopAll('SIGTERM')

/** From now until `release()`: Ctrl-C and SIGTERM end the children first, then this process. */
export function forwardSignals() {
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return function release() {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
  }
}

/**
 * Runs a command to its end and resolves with its exit code (a signal counts as 1).
 * `log`: a file that takes its output; without it the output goes to this terminal.
 * @param {string} command
 * @param {string[]} args
 * @param {{ log?: string, env?: Record<string, string>, cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, { log, env = {}, cwd = root, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: log ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    running.add(child)
    let output
    if (log) {
      mkdirSync(dirname(log), { recursive: true })
      output = createWriteStream(log)
      child.stdout.pipe(output, { end: false })
      child.stderr.pipe(output, { end: false })
    }
    const timer = timeoutMs && setTimeout(() => {
      output?.write(`\nStopped after ${Math.round(timeoutMs / 1000)} seconds.\n`)
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
    }, timeoutMs)
    const settle = (finish) => {
      clearTimeout(timer)
      running.delete(child)
      // Whoever waits for this child is to be stopped too, not to go on with its next step.
      if (isStopping) return
      if (output) output.end(finish)
      else finish()
    }
    child.once('error', error => settle(() => reject(error)))
    child.once('close', code => settle(() => resolve(code ?? 1)))
  })
}

/**
 * Runs a command quietly; when it fails, throws what it was and what it said about it.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, advice?: string, env?: Record<string, string>, cwd?: string, timeoutMs?: number }} options
 */
export async function runQuietly(what, command, args, { log, advice = '', ...options }) {
  const code = await run(command, args, { log, ...options }).catch(error => error.code ?? error.message)
  if (code === 0) return
  const shown = relative(root, log)
  throw new CommandError(`${what} failed (${typeof code === 'number' ? `exit code ${code}` : code}). From ${shown}:\n\n${tail(log)}\n\n${advice ? `${advice} ` : ''}All of it is in ${shown}.`)
}

/** What a log says went wrong: the lines from its first error on, else its last ones; without colours and empty lines. */
export function tail(file, lines = TAIL_LINES) {
  try {
    // eslint-disable-next-line no-control-regex -- terminal colours begin with the control character ESC
    const all = readFileSync(file, 'utf8').replace(/\u001B\[[\d;?]*[A-Za-z]/g, '').split(/\r?\n/).filter(line => line.trim())
    const error = all.findIndex(line => /\bERROR\b|npm error|^E: /.test(line))
    const shown = error >= 0 ? all.slice(error, error + lines) : all.slice(-lines)
    return shown.map(line => `    ${line}`).join('\n')
  }
  catch {
    return '    (nothing was written)'
  }
}

/** How to call npm: by the very one that called us, else by the one beside this Node. */
export function npm(...args) {
  const script = process.env.npm_execpath
  return script && /npm-cli\.c?js$/.test(script) ? [process.execPath, [script, ...args]] : ['npm', args]
}
