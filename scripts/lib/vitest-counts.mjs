import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A Vitest reporter that writes how many tests passed and failed, a project at a time, and what each failure said, to the file in VITEST_COUNTS. */
export default class VitestCounts {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.VITEST_COUNTS
    if (!file) return
    const projects = {}
    const failures = []
    for (const module of modules) {
      const counts = projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0, files: 0 }
      counts.files++
      const failedBefore = counts.failed
      const told = (name, errors) => failures.push({ name: [module.relativeModuleId ?? module.moduleId, name].filter(Boolean).join(' > '), said: words(errors) })
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        counts[state === 'pending' ? 'skipped' : state]++
        if (state === 'failed') told(test.fullName, errors)
      }
      // A file that could not be loaded, or whose hook threw, fails without a failed test of its own.
      if (module.state() === 'failed' && counts.failed === failedBefore) {
        counts.failed++
        told('', [...module.errors(), ...[...module.children.allSuites()].flatMap(suite => suite.errors())])
      }
    }
    if (unhandledErrors.length) {
      projects['outside of any test'] = { passed: 0, failed: unhandledErrors.length, skipped: 0, files: 0 }
      for (const error of unhandledErrors) failures.push({ name: 'outside of any test', said: words([error]) })
    }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ projects, failures }, null, 2))
  }
}

const words = errors => errors.map(({ message, stack }) => [message, stack?.split('\n').find(line => /tests[\\/]/.test(line))?.trim()].filter(Boolean).join('\n')).join('\n')
