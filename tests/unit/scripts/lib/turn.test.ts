import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inTurn } from '../../../../scripts/lib/turn.mjs'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-turn-'))
  file = join(folder, 'locks', 'build.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('taking turns', () => {
  it('runs one piece of work at a time and tells who has to wait', async () => {
    const order: string[] = []
    const onWait = vi.fn()
    let finishFirst = () => {}
    const first = inTurn(file, () => new Promise<void>((resolve) => {
      order.push('first begins')
      finishFirst = () => {
        order.push('first ends')
        resolve()
      }
    }))
    const second = inTurn(file, async () => {
      order.push('second begins')
    }, { onWait })
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledOnce())
    finishFirst()
    await Promise.all([first, second])
    expect(order).toEqual(['first begins', 'first ends', 'second begins'])
    expect(existsSync(file)).toBe(false)
  })

  it('gives the turn back when the work fails', async () => {
    await expect(inTurn(file, async () => {
      throw new Error('no')
    })).rejects.toThrow('no')
    await expect(inTurn(file, async () => 'yes')).resolves.toBe('yes')
  })

  it('takes over from a process that has died', async () => {
    await inTurn(file, async () => {})
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise(resolve => child.once('exit', resolve))
    writeFileSync(file, JSON.stringify({ pid: child.pid, host: hostname() }))
    await expect(inTurn(file, async () => 'mine')).resolves.toBe('mine')
  })

  it('takes over a lock that nobody has touched for long', async () => {
    await inTurn(file, async () => {})
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: 'another-machine' }))
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(file, longAgo, longAgo)
    await expect(inTurn(file, async () => 'mine')).resolves.toBe('mine')
  })
})
