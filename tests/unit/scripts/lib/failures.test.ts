import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failuresOfPlaywright, failuresOfVitest, tellFailures } from '../../../../scripts/lib/failures.mjs'
import VitestCounts from '../../../../scripts/lib/vitest-counts.mjs'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-failures-'))
  file = join(folder, 'report.json')
})
afterEach(() => {
  delete process.env.VITEST_COUNTS
  rmSync(folder, { recursive: true, force: true })
})

function report(modules: unknown[], unhandled: unknown[] = []) {
  process.env.VITEST_COUNTS = file
  new VitestCounts().onTestRunEnd(modules as never, unhandled as never)
}
const suites = (tests: unknown[], errors: unknown[] = []) => ({ allTests: () => tests, allSuites: () => errors.length ? [{ errors: () => errors }] : [] })
const result = (fullName: string, state: string, errors: unknown[] = []) => ({ fullName, result: () => ({ state, errors }) })

describe('what failed, told at the end of a run', () => {
  it('names each failed test of Vitest with its file, its error and the line in the tests', () => {
    report([{
      project: { name: 'unit' }, relativeModuleId: 'tests/a.test.ts', state: () => 'failed', errors: () => [],
      children: suites([result('a > holds', 'passed'), result('a > breaks', 'failed', [{ message: 'expected 1 to be 2', stack: 'Error\n at /node_modules/x.js:1\n at /app/tests/a.test.ts:7:3' }])]),
    }])
    expect(failuresOfVitest(file)).toEqual([{ name: 'tests/a.test.ts > a > breaks', said: 'expected 1 to be 2\nat /app/tests/a.test.ts:7:3' }])
  })

  it('tells of a file whose hook threw, and of what was thrown outside of any test', () => {
    report([{ project: { name: 'unit' }, relativeModuleId: 'tests/b.test.ts', state: () => 'failed', errors: () => [], children: suites([], [{ message: 'no database' }]) }], [{ message: 'loose end' }])
    expect(failuresOfVitest(file)).toEqual([{ name: 'tests/b.test.ts', said: 'no database' }, { name: 'outside of any test', said: 'loose end' }])
  })

  it('names the failed and the flaky tests of Playwright, of inner suites too', () => {
    const spec = (title: string, status: string) => ({ file: 'chat.spec.ts', title, tests: [{ status, projectName: 'desktop', results: status === 'expected' ? [{}] : [{ error: { message: `${title}: no` } }, {}] }] })
    writeFileSync(file, JSON.stringify({ stats: {}, errors: [{ message: 'no server' }], suites: [{ specs: [spec('fine', 'expected'), spec('late', 'flaky')], suites: [{ specs: [spec('bad', 'unexpected')] }] }] }))
    expect(failuresOfPlaywright(file)).toEqual([
      { name: 'outside of any test', said: 'no server' },
      { name: '[desktop] chat.spec.ts > late (passed on its second try)', said: 'late: no' },
      { name: '[desktop] chat.spec.ts > bad', said: 'bad: no' },
    ])
  })

  it('says nothing where nothing failed or no report was left', () => {
    expect(tellFailures([...failuresOfVitest(file), ...failuresOfPlaywright(file)])).toEqual([])
  })

  it('keeps both ends of a long output, drops its colours, and counts what it leaves out', () => {
    const lines = tellFailures(Array.from({ length: 14 }, (_, index) => ({ name: `test ${index}`, said: `\u001B[31mfirst${'x'.repeat(5000)}last\u001B[39m` })))
    expect(lines[0]).toBe('  ✗ test 0')
    expect(lines[1]).toMatch(/^ {6}firstx+$/)
    expect(lines[3]).toMatch(/x+last$/)
    expect(lines.at(-1)).toBe('  … and 6 more, further up')
    expect(lines.join('\n').length).toBeLessThan(10_000)
  })
})
