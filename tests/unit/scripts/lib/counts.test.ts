import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { add, check, fromPlaywright, fromVitest, none, summaryLine } from '../../../../scripts/lib/counts.mjs'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-counts-'))
  file = join(folder, 'report.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the last line', () => {
  it('is plain, and tells of skipped tests only where there are some', () => {
    expect(summaryLine({ passed: 312, failed: 0, skipped: 0 })).toBe('312 passed, 0 failed')
    expect(summaryLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })

  it('adds up tests and single checks', () => {
    expect([check(true), check(false), { passed: 10, failed: 0, skipped: 1 }].reduce(add, none())).toEqual({ passed: 11, failed: 1, skipped: 1 })
  })
})

describe('what Vitest reports', () => {
  const report = (projects: object) => writeFileSync(file, JSON.stringify({ projects }))

  it('sums up its projects', () => {
    report({ unit: { passed: 5, failed: 1, skipped: 0 }, components: { passed: 2, failed: 0, skipped: 1 } })
    expect(fromVitest(file, 1)).toEqual({ passed: 7, failed: 1, skipped: 1 })
  })

  it.each([
    ['ends badly although every test passed', { unit: { passed: 5, failed: 0, skipped: 0 } }, 1, { passed: 5, failed: 1, skipped: 0 }],
    ['ran no test at all', {}, 0, { passed: 0, failed: 1, skipped: 0 }],
  ])('fails a run that %s', (_, projects, code, counts) => {
    report(projects)
    expect(fromVitest(file, code)).toEqual(counts)
  })

  it('fails a run that left no report', () => {
    expect(fromVitest(join(folder, 'missing.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('what Playwright reports', () => {
  const report = (stats: object, errors: unknown[] = []) => writeFileSync(file, JSON.stringify({ stats, errors }))

  it('counts a test that passed on its second try as passed', () => {
    report({ expected: 8, unexpected: 0, flaky: 1, skipped: 2 })
    expect(fromPlaywright(file, 0)).toEqual({ passed: 9, failed: 0, skipped: 2 })
  })

  it('counts errors outside of tests as failures', () => {
    report({ expected: 8, unexpected: 1, flaky: 0, skipped: 0 }, [{ message: 'global setup' }])
    expect(fromPlaywright(file, 1)).toEqual({ passed: 8, failed: 2, skipped: 0 })
  })

  it('fails a run that left no report or ran nothing', () => {
    expect(fromPlaywright(join(folder, 'missing.json'), 0).failed).toBe(1)
    report({ expected: 0, unexpected: 0, flaky: 0, skipped: 0 })
    expect(fromPlaywright(file, 0).failed).toBe(1)
  })
})
