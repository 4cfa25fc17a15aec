import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

const BEAT_MS = 2_000
const STALE_MS = 15_000
const LOOK_MS = 250

/**
 * Runs `work` while no other process runs what is under the same lock file; waits for its turn. A lock whose owner has
 * died, or has not touched it for 15 s, is taken over. `onWait` is called once when there is somebody to wait for.
 */
export async function inTurn(file, work, { onWait = () => {} } = {}) {
  mkdirSync(dirname(file), { recursive: true })
  let waited = false
  while (!take(file)) {
    if (isDead(file)) {
      rmSync(file, { force: true })
      continue
    }
    if (!waited) onWait()
    waited = true
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    }
    catch { /* Somebody removed the folder; nobody else can hold the lock then. */ }
  }, BEAT_MS)
  beat.unref()
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  }
  finally {
    clearInterval(beat)
    process.off('exit', release)
    release()
  }
}

function take(file) {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, JSON.stringify({ pid: process.pid, host: hostname() }))
    closeSync(handle)
    return true
  }
  catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isDead(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs
    if (age > STALE_MS) return true
    const { pid, host } = JSON.parse(readFileSync(file, 'utf8'))
    if (host !== hostname()) return false
    process.kill(pid, 0)
    return false
  }
  catch (error) {
    return error.code === 'ESRCH'
  }
}
