import { add, check, fromPlaywright, fromVitest, none } from './counts.mjs'
import { failuresOfPlaywright, failuresOfVitest } from './failures.mjs'
import { at, CommandError, readJson } from './project.mjs'
import { run } from './run.mjs'

const LINES_AT_LEAST = 85
const NODE = process.execPath
const bin = path => at('node_modules', path)
const counts = name => at('.cache/test', `${name}.json`)

async function checkWith(label, args, env) {
  const code = await run(NODE, args, { env })
  return [{ label, ...check(code === 0) }]
}

async function vitest(name, projects, { coverage = false, postgres = null } = {}) {
  const file = counts(name)
  const code = await run(NODE, [
    bin('vitest/vitest.mjs'), 'run',
    ...projects.flatMap(project => ['--project', project]),
    ...(coverage ? ['--coverage'] : []),
    '--passWithNoTests=false', '--reporter=dot', '--reporter=./scripts/lib/vitest-counts.mjs',
  ], { env: { VITEST_COUNTS: file, NODE_ENV: 'test', ...(postgres ? { TEST_DATABASE_URL: postgres } : {}) } })
  const byProject = readJson(file)?.projects ?? {}
  const lines = Object.entries(byProject).map(([label, found]) => ({ label, ...found }))
  const whole = fromVitest(file, code)
  const sum = lines.reduce(add, none())
  // Vitest said no, and no test did: the run itself failed.
  if (whole.failed > sum.failed) lines.push({ label: `vitest (${name})`, ...check(false) })
  if (lines.length) lines[0].failures = failuresOfVitest(file)
  return lines
}

/** Lines of the code that tests can reach from inside: the server, the stores, the contracts, the composables. */
function coverageLine() {
  const percent = readJson(at('coverage/coverage-summary.json'))?.total.lines.pct
  const ok = percent >= LINES_AT_LEAST
  return { label: 'coverage', ...check(ok), note: `    Coverage: ${percent ?? 'unknown'} % of lines, at least ${LINES_AT_LEAST} % asked for${ok ? '' : ': too little'}` }
}

/** In the order in which they run: the quick ones that fail most first. */
export const stages = [
  { name: 'lint', title: 'Lint', run: () => checkWith('lint', [bin('eslint/bin/eslint.js'), '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '--max-warnings=0']) },
  { name: 'types', title: 'Types', run: () => checkWith('types', [bin('nuxt/bin/nuxt.mjs'), 'typecheck'], { NUXT_TELEMETRY_DISABLED: '1' }) },
  {
    name: 'unit',
    title: 'Unit, component and integration tests',
    async run({ postgres }) {
      const lines = await vitest('tests', ['unit', 'components', 'integration-pglite', ...(postgres ? ['integration-postgres'] : [])], { coverage: true, postgres })
      return [...lines, coverageLine()]
    },
  },
  {
    name: 'build',
    title: 'Build',
    async run({ build, isBuilt }) {
      if (!isBuilt()) await build()
      return [{ label: 'build', ...check(true) }]
    },
  },
  { name: 'commands', title: 'Commands, end to end', run: ({ postgres }) => vitest('commands', ['commands'], { postgres }) },
  { name: 'serverless', title: 'Built for a host of functions', run: ({ postgres }) => postgres ? vitest('serverless', ['serverless'], { postgres }) : [{ label: 'serverless', ...none(), skipped: 1 }] },
  {
    name: 'e2e',
    title: 'Browser tests',
    async run({ chromium }) {
      const file = counts('e2e')
      const code = await run(NODE, [bin('@playwright/test/cli.js'), 'test', '--retries=1', '--reporter=line,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file, CHROMIUM: chromium, NODE_ENV: 'test' } })
      return [{ label: 'browser', ...fromPlaywright(file, code), failures: failuresOfPlaywright(file) }]
    },
  },
]

const NAMES = stages.map(({ name }) => name)

/** The stages to run: all, or those after `--only` (`--only lint,unit`). The commands and the browser tests need the build, so it comes along. */
export function chooseStages(args) {
  const given = args.flatMap((arg, index) => arg === '--only' ? [args[index + 1] ?? ''] : arg.startsWith('--only=') ? [arg.slice('--only='.length)] : [])
  const unknownFlag = args.find((arg, index) => arg.startsWith('-') ? !/^--only(?:=|$)/.test(arg) : args[index - 1] !== '--only')
  if (unknownFlag) throw new CommandError(`npm test knows one option, --only, and not ${unknownFlag}: npm test -- --only ${NAMES.join(',')}`)
  if (!given.length) return new Set(NAMES)
  const chosen = new Set(given.join(',').split(',').map(name => name.trim()).filter(Boolean))
  const unknown = [...chosen].filter(name => !NAMES.includes(name))
  if (unknown.length || !chosen.size) throw new CommandError(`There is no stage ${unknown.join(', ') || '(none named)'}: choose from ${NAMES.join(', ')}.`)
  if (chosen.has('commands') || chosen.has('e2e')) chosen.add('build')
  return chosen
}
