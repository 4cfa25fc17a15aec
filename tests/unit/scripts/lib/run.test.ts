import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, runQuietly, tail } from '../../../../scripts/lib/run.mjs'

let folder: string
let log: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-run-'))
  log = join(folder, 'logs', 'x.log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const node = (script: string) => [process.execPath, ['-e', script]] as [string, string[]]

describe('running a command quietly', () => {
  it('keeps all it says in the log', async () => {
    await runQuietly('Talking', ...node('console.log("out"); console.error("err")'), { log })
    expect(readFileSync(log, 'utf8')).toContain('out\n')
    expect(readFileSync(log, 'utf8')).toContain('err\n')
  })

  it('tells what failed, what it said from the first error on, and what to do', async () => {
    const failing = runQuietly('Installing', ...node('for (let i = 0; i < 99; i++) console.log("line " + i); console.log("\\u001b[31mERROR\\u001b[0m it broke"); process.exit(3)'), { log, advice: 'Try this.' })
    await expect(failing).rejects.toThrow(/Installing failed \(exit code 3\)[\s\S]*ERROR it broke[\s\S]*Try this\./)
    expect(tail(log)).not.toContain('line 98')
  })

  it('tells when there is no such command', async () => {
    await expect(runQuietly('Building', '/no/such/command', [], { log })).rejects.toThrow('Building failed (ENOENT)')
  })

  it('stops a command that takes too long', async () => {
    expect(await run(...node('setInterval(() => {}, 1000)'), { log, timeoutMs: 200 })).not.toBe(0)
  })
})
