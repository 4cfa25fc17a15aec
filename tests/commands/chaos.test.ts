import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ChaosReport } from '../chaos/chaos'
import { whatIsMissing } from '../chaos/what-is-missing'
import { builtServer, root } from '../support/server-process'

const folder = mkdtempSync(join(tmpdir(), 'vb-chaos-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ci = process.env.CI && process.env.CI !== 'false'
/** In CI nothing but the right to mount a disk may be missing: there the command itself says what is, and fails. */
const missing = ci ? null : whatIsMissing({ diskFull: false })
const noDisk = whatIsMissing({ diskFull: true })

function chaos(...args: string[]): Promise<{ code: number | null, output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/chaos/run.ts', '--entry', builtServer, ...args], { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output += text)
  return new Promise(resolve => child.once('close', code => resolve({ code, output })))
}

describe.skipIf(missing)(missing ? `npm run chaos is not tested: ${missing}` : 'npm run chaos', () => {
  it('loses and doubles nothing, in its short form', async () => {
    const json = join(folder, 'report.json')
    const { code, output } = await chaos('--kills', '3', '--restarts', '1', '--cuts', '2', '--disk-full', noDisk ? '0' : '1', '--clock-jumps', '2', '--customers', '4', '--disk-megabytes', '120', '--seed', '7', '--json', json)
    expect(code, output).toBe(0)
    const report = JSON.parse(readFileSync(json, 'utf8')) as ChaosReport
    expect(report.wrong).toEqual([])
    expect(report.faults).toEqual({ kills: 3, restarts: 1, cuts: 2, clock_jumps: 2, ...(noDisk ? {} : { disk_full: 1 }) })
    expect(report.struck).toMatchObject({ jumps_forwards: 1, jumps_backwards: 1 })
    if (!noDisk) expect(report.struck).toHaveProperty('disk_full_refusals')
    expect(report).toMatchObject({ lost: 0, doubled: 0 })
    // A run in which nobody was hurt proves nothing.
    for (const figure of [report.messages, report.ratings, report.retries, report.polls]) expect(figure).toBeGreaterThan(0)
    expect(output).toContain('Nothing is wrong.')
    // A rating whose delivery failed a few times waits minutes for its next try.
  }, 600_000)

  if (noDisk) it.skip(`with a full disk is not tested: ${noDisk}`)

  it('says in a sentence why it does not begin', async () => {
    const { code, output } = await chaos('--kills=-1')
    expect([code, output]).toEqual([1, expect.stringMatching(/^--kills has to be a whole number/)])
    const other = await chaos('--entry', join(folder, 'nothing.mjs'))
    expect([other.code, other.output]).toEqual([1, expect.stringMatching(/^There is no build at .*nothing\.mjs: make one with npm run build/)])
  })
})
