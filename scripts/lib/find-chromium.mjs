import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { at, CommandError } from './project.mjs'
import { runQuietly } from './run.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** The Chromium to test with: `CHROMIUM`, the system's, Playwright's own; null when there is none that starts. */
export async function findChromium({ env = process.env, exists = existsSync, starts = doesStart, playwrights = playwrightPath } = {}) {
  if (env.CHROMIUM) {
    if (exists(env.CHROMIUM)) return env.CHROMIUM
    throw new CommandError(`CHROMIUM says ${env.CHROMIUM}, and there is no such file: correct it, or leave it out and one is found or installed.`)
  }
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter)].filter(Boolean)
  const found = [...new Set([...NAMES.flatMap(name => folders.map(folder => join(folder, name))), ...MAC, await playwrights()])]
  return found.find(file => file && exists(file) && starts(file)) ?? null
}

/** On Ubuntu `chromium-browser` may be a stub that only says how to install the real one: a browser tells its version. */
function doesStart(file) {
  try {
    return /\d+\.\d+/.test(execFileSync(file, ['--version'], { timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  }
  catch {
    return false
  }
}

async function playwrightPath() {
  try {
    const { chromium } = await import('@playwright/test')
    return chromium.executablePath()
  }
  catch {
    return null
  }
}

/** How a Chromium is installed here: Debian's and Ubuntu's own package needs root, else Playwright brings one. */
export function waysToInstall({ isRoot = process.getuid?.() === 0, osRelease = readOsRelease(), hasApt = existsSync('/usr/bin/apt-get') } = {}) {
  const playwright = { command: process.execPath, args: [at('node_modules/@playwright/test/cli.js'), 'install', '--with-deps', 'chromium'] }
  const ids = osRelease.match(/^ID(?:_LIKE)?=.*$/gm)?.join(' ') ?? ''
  if (!isRoot || !hasApt || !/debian|ubuntu/.test(ids)) return [playwright]
  const noQuestions = { DEBIAN_FRONTEND: 'noninteractive' }
  return [
    [
      { command: 'apt-get', args: ['update', '-q'], env: noQuestions },
      { command: 'apt-get', args: ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation'], env: noQuestions },
    ],
    playwright,
  ].map(way => [way].flat())
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  }
  catch {
    return ''
  }
}

/** Installs a Chromium, one way after the other, and returns its path. */
export async function installChromium() {
  const failures = []
  for (const way of waysToInstall()) {
    try {
      for (const { command, args, env } of [way].flat()) await runQuietly(`${command} ${args.join(' ')}`, command, args, { log: at('.cache/logs/chromium.log'), env })
      const found = await findChromium()
      if (found) return found
    }
    catch (error) {
      failures.push(error.message)
    }
  }
  throw new CommandError(`There is no Chromium for the browser tests and none could be installed. Install one, or set CHROMIUM to its path.\n\n${failures.join('\n\n')}`)
}
