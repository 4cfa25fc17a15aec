import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StartupError } from '#server/core/env'
import { acquireFolderLock, type FolderLock } from '#server/db/folder-lock'

let folder: string
let file: string
let locks: FolderLock[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-lock-'))
  file = join(folder, 'pglite.lock')
  locks = []
})
afterEach(() => {
  vi.useRealTimers()
  for (const lock of locks) lock.release()
  rmSync(folder, { recursive: true, force: true })
})

async function acquire(): Promise<FolderLock> {
  const lock = await acquireFolderLock(folder)
  locks.push(lock)
  return lock
}

const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!
const alive = { pid: process.ppid, thread: 0, host: hostname(), started: startOf(process.ppid) }
const owner = () => JSON.parse(readFileSync(file, 'utf8')) as typeof alive
/** Leaves a lock as another process would, last touched so many seconds ago. */
function leave(content: object | string, secondsAgo = 0) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const then = new Date(Date.now() - secondsAgo * 1000)
  utimesSync(file, then, then)
}

describe('a free folder', () => {
  it('is locked in the name of this process and thread, and free again after the release', async () => {
    const listeners = process.listenerCount('exit')
    const lock = await acquire()
    expect(owner()).toEqual({ pid: process.pid, thread: threadId, host: hostname(), started: startOf(process.pid) })
    expect(process.listenerCount('exit')).toBe(listeners + 1)
    lock.release()
    expect([existsSync(file), process.listenerCount('exit')]).toEqual([false, listeners])
    lock.release()
  })

  it('is refused in a sentence when nothing can be written there', async () => {
    rmSync(folder, { recursive: true })
    const refused = acquireFolderLock(folder)
    await expect(refused).rejects.toThrow(StartupError)
    await expect(refused).rejects.toThrow(`The lock file ${file} cannot be written (ENOENT): make the folder writable or set DATA_DIR to another folder.`)
  })
})

describe('a folder held by somebody else', () => {
  it('is refused while that process lives, and the lock stays', async () => {
    leave(alive, 3600)
    await expect(acquireFolderLock(folder)).rejects.toThrow(`The data folder ${folder} is in use by process ${process.ppid}: stop that one first, or set DATA_DIR to another folder.`)
    expect(owner()).toEqual(alive)
  })

  it('is taken over when that process has died, with nothing left lying about', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    leave({ ...alive, pid })
    await acquire()
    expect(owner().pid).toBe(process.pid)
    expect(readdirSync(folder)).toEqual(['pglite.lock'])
  })

  it('is taken over when its number belongs to another process by now', async () => {
    leave({ ...alive, started: '1' })
    await acquire()
    expect(owner().pid).toBe(process.pid)
  })

  it('is refused on another machine while the lock is touched, naming the machine', async () => {
    leave({ ...alive, pid: 4711, host: 'elsewhere' }, 29)
    await expect(acquireFolderLock(folder)).rejects.toThrow(`in use by process 4711 on elsewhere: stop that one first`)
  })

  it('is taken over from another machine that has been silent for half a minute', async () => {
    leave({ ...alive, pid: 4711, host: 'elsewhere' }, 31)
    await acquire()
    expect(owner().host).toBe(hostname())
  })
})

describe('a folder held by this process', () => {
  it('is waited for: in development the new server starts before the old one has closed', async () => {
    const first = await acquire()
    let isMine = false
    const second = acquire().then(() => isMine = true)
    await new Promise(resolve => setImmediate(resolve))
    expect(isMine).toBe(false)
    first.release()
    await second
    expect(owner().pid).toBe(process.pid)
  })

  it('is refused in the end when it is never let go', async () => {
    await acquire()
    vi.useFakeTimers()
    const refused = expect(acquireFolderLock(folder)).rejects.toThrow(`in use by process ${process.pid}:`)
    await vi.advanceTimersByTimeAsync(16_000)
    await refused
  })
})

describe('a lock that cannot be read', () => {
  it('is given time when it is new: its owner is just writing it', async () => {
    leave('{"pid": 1')
    let isMine = false
    const waiting = acquire().then(() => isMine = true)
    await new Promise(resolve => setImmediate(resolve))
    expect(isMine).toBe(false)
    rmSync(file)
    await waiting
  })

  it('is taken over when it is old: its owner died writing it', async () => {
    leave('{"pid": 1', 10)
    await acquire()
    expect(owner().pid).toBe(process.pid)
  })
})

describe('the heartbeat', () => {
  it('touches the lock every two seconds until the release', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-22T10:00:00Z') })
    const lock = await acquire()
    const touched = () => statSync(file).mtime.toISOString()
    await vi.advanceTimersByTimeAsync(2000)
    expect(touched()).toBe('2026-11-22T10:00:02.000Z')
    await vi.advanceTimersByTimeAsync(4000)
    expect(touched()).toBe('2026-11-22T10:00:06.000Z')
    lock.release()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not bring the process down when the folder is removed under it', async () => {
    vi.useFakeTimers()
    const lock = await acquire()
    rmSync(folder, { recursive: true })
    await vi.advanceTimersByTimeAsync(4000)
    lock.release()
    expect(existsSync(folder)).toBe(false)
  })
})
