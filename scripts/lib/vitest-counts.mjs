import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A Vitest reporter that writes how many tests passed and failed, a project at a time, to the file in VITEST_COUNTS. */
export default class VitestCounts {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.VITEST_COUNTS
    if (!file) return
    const projects = {}
    for (const module of modules) {
      const counts = projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0, files: 0 }
      counts.files++
      const failedBefore = counts.failed
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'pending' ? 'skipped' : state]++
      }
      // A file that could not be loaded, or whose hook threw, fails without a failed test of its own.
      if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed++
    }
    if (unhandledErrors.length) projects['outside of any test'] = { passed: 0, failed: unhandledErrors.length, skipped: 0, files: 0 }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ projects }, null, 2))
  }
}
