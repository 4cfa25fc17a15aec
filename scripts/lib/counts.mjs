import { readJson } from './project.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

export const none = () => ({ passed: 0, failed: 0, skipped: 0 })
export const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped })

/** A check that is not made of tests, such as the linter: one passed or one failed. */
export const check = ok => ({ ...none(), [ok ? 'passed' : 'failed']: 1 })

/** What scripts/lib/vitest-counts.mjs wrote. A run that left no report, or failed with no failed test, counts as one failure. */
export function fromVitest(file, exitCode) {
  const report = readJson(file)
  const counts = report ? Object.values(report.projects).reduce(add, none()) : none()
  return blame(counts, exitCode)
}

/** Playwright's own JSON report. A test that only passed on its second try has passed; an error outside of a test has failed. */
export function fromPlaywright(file, exitCode) {
  const report = readJson(file)
  if (!report) return blame(none(), exitCode || 1)
  const { expected, flaky, unexpected, skipped } = report.stats
  return blame({ passed: expected + flaky, failed: unexpected + (report.errors?.length ?? 0), skipped }, exitCode)
}

function blame(counts, exitCode) {
  const ranNothing = counts.passed + counts.failed === 0
  return (exitCode !== 0 || ranNothing) && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** The last line of `npm test`. */
export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
