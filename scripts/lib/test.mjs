import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { build, isBuilt } from './build.mjs'
import { add, none, summaryLine } from './counts.mjs'
import { tellFailures } from './failures.mjs'
import { findChromium, installChromium } from './find-chromium.mjs'
import { findPostgres } from './find-postgres.mjs'
import { install, isInstalled } from './install.mjs'
import { duration } from './progress.mjs'
import { at, CommandError, root } from './project.mjs'
import { forwardSignals, npm, runQuietly } from './run.mjs'
import { chooseStages, stages } from './test-stages.mjs'

/** Runs all stages (or those after `--only`), tells how each went, and ends with `N passed, N failed`. Resolves with whether all passed. */
export async function test(args) {
  process.chdir(root)
  const chosen = chooseStages(args)
  const release = forwardSignals()
  const begun = Date.now()
  await prepare()
  const context = await lookAround(chosen)
  rmSync(at('.cache/test'), { recursive: true, force: true })
  mkdirSync(at('.cache/test'), { recursive: true })

  const results = []
  for (const stage of stages.filter(({ name }) => chosen.has(name))) {
    const since = Date.now()
    heading(stage.title)
    const lines = await stage.run(context).catch(error => [{ label: stage.title, failed: 1, passed: 0, skipped: 0, note: error.message }])
    for (const { note } of lines) if (note) console.log(note)
    console.log(`    ${stage.title}: ${duration(Date.now() - since)}`)
    results.push(...lines.map(line => ({ ...line, took: Date.now() - since })))
  }
  release()
  return report(results, context, Date.now() - begun)
}

async function prepare() {
  if (!isInstalled()) {
    heading('Installing the packages (about a minute)')
    await install()
  }
  // The linter, the type checker and the tests read what Nuxt writes here.
  if (!existsSync(at('.nuxt/tsconfig.json')) || !existsSync(at('.nuxt/eslint.config.mjs'))) {
    heading('Preparing Nuxt')
    await runQuietly('Preparing Nuxt', process.execPath, [at('node_modules/nuxt/bin/nuxt.mjs'), 'prepare'], { log: at('.cache/logs/prepare.log'), env: { NUXT_TELEMETRY_DISABLED: '1' } })
  }
}

/** What this machine has: a PostgreSQL, a Chromium (installed when missing and needed). */
async function lookAround(chosen) {
  const ci = Boolean(process.env.CI && process.env.CI !== 'false')
  const postgres = await findPostgres()
  if (!postgres && ci) throw new CommandError('There is no PostgreSQL for the tests, and in CI they are never skipped: start one on 127.0.0.1:5432 or set TEST_DATABASE_URL.')
  let chromium = null
  if (chosen.has('e2e')) {
    chromium = await findChromium()
    if (!chromium) {
      heading('Installing Chromium for the browser tests')
      chromium = await installChromium()
    }
  }
  const [npmCommand, npmArgs] = npm()
  return { ci, postgres, chromium, npm: [npmCommand, npmArgs], build, isBuilt }
}

function report(results, { postgres }, took) {
  heading('Results')
  const total = results.reduce(add, none())
  const width = Math.max(...results.map(({ label }) => label.length))
  for (const { label, passed, failed, skipped } of results) {
    console.log(`  ${failed ? '✗' : '✓'} ${label.padEnd(width)}  ${summaryLine({ passed, failed, skipped })}`)
  }
  if (!postgres) {
    console.log('\n  !!! NOT TESTED ON POSTGRESQL: nothing answers at TEST_DATABASE_URL or 127.0.0.1:5432. !!!')
  }
  const told = tellFailures(results.flatMap(({ failures = [] }) => failures))
  if (told.length) console.log(`\n${told.join('\n')}`)
  console.log(`\n  In all: ${duration(took)}\n`)
  const ok = total.failed === 0 && total.passed > 0
  console.log(summaryLine(total))
  return ok
}

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 72 - text.length))}`)
}
