import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { StartupError } from '#server/core/env'

/*
 * PGlite does not lock its folder, and two of them on one folder lose data without a word. So a file does:
 * made with O_EXCL, naming its owner, touched every two seconds.
 */
const BEAT_MS = 2_000
/** On another host (a shared volume) the owner's process cannot be looked up; only the beat tells that it lives. */
const STALE_MS = 30_000
/** In development the new worker starts before the old one has closed: same process, another thread. */
const WAIT_FOR_OWN_PROCESS_MS = 15_000

interface Owner { pid: number, thread: number, host: string, started: string }

export interface FolderLock { release: () => void }

/** Locks the folder for this thread. Throws `StartupError` when somebody else who is alive holds it. */
export async function acquireFolderLock(folder: string): Promise<FolderLock> {
  const file = join(folder, 'pglite.lock')
  const me: Owner = { pid: process.pid, thread: threadId, host: hostname(), started: startOf(process.pid) }
  const deadline = Date.now() + WAIT_FOR_OWN_PROCESS_MS
  for (;;) {
    if (tryCreate(file, JSON.stringify(me))) return hold(file)
    const owner = readOwner(file)
    if (owner && isAlive(owner, file)) {
      if (owner.pid !== me.pid || Date.now() > deadline) {
        throw new StartupError(`The data folder ${folder} is in use by process ${owner.pid}${owner.host === me.host ? '' : ` on ${owner.host}`}: stop that one first, or set DATA_DIR to another folder.`)
      }
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    else {
      removeStale(file, owner)
    }
  }
}

function tryCreate(file: string, content: string): boolean {
  try {
    const handle = openSync(file, 'wx')
    try {
      writeSync(handle, content)
    }
    catch (error) {
      // A lock without an owner would have to grow old before anybody could take it.
      rmSync(file, { force: true })
      throw error
    }
    finally {
      closeSync(handle)
    }
    return true
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    const { code } = error as NodeJS.ErrnoException
    const way = code === 'ENOSPC' ? 'make room on its disk and start again; nothing that was stored is lost' : code === 'EROFS' ? 'its disk is read-only; mount it for writing or set DATA_DIR to another folder' : 'make the folder writable or set DATA_DIR to another folder'
    throw new StartupError(`The lock file ${file} cannot be written (${code}): ${way}.`, { cause: error })
  }
}

function hold(file: string): FolderLock {
  const beat = setInterval(() => {
    try {
      const now = new Date()
      utimesSync(file, now, now)
    }
    catch { /* The folder was removed under us; there is nothing left to keep. */ }
  }, BEAT_MS)
  beat.unref()
  const release = () => {
    clearInterval(beat)
    process.off('exit', release)
    rmSync(file, { force: true })
  }
  process.once('exit', release)
  return { release }
}

/** null: unreadable, so just being written or just removed. */
function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner
  }
  catch {
    return ageOf(file) < BEAT_MS ? { pid: process.pid, thread: -1, host: hostname(), started: startOf(process.pid) } : null
  }
}

function isAlive(owner: Owner, file: string): boolean {
  if (owner.host !== hostname()) return ageOf(file) < STALE_MS
  try {
    process.kill(owner.pid, 0)
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  // A number can be another process by now (after a reboot, in a container where everybody is number 1).
  return owner.started === startOf(owner.pid)
}

/**
 * Moved aside before it is removed, and looked at again there: of two processes that found the same dead lock the slower
 * one may have caught the quicker one's new lock, and puts that back.
 */
function removeStale(file: string, judged: Owner | null): void {
  const aside = `${file}.${process.pid}.${threadId}`
  try {
    renameSync(file, aside)
    if (judged && readFileSync(aside, 'utf8') !== JSON.stringify(judged)) linkSync(aside, file)
    rmSync(aside, { force: true })
  }
  catch { /* Another process was quicker. */ }
}

function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs
  }
  catch {
    return Number.POSITIVE_INFINITY
  }
}

/** When the process started, in the kernel's own ticks; '' where the system does not tell (then the number alone counts). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  }
  catch {
    return ''
  }
}
