// `npm run bench:serverless`: what the product weighs for each host of functions, and what a cold start takes. Builds what
// is missing; needs a PostgreSQL (TEST_DATABASE_URL, else 127.0.0.1:5432). Writes docs/benchmarks/serverless.md and .json.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { findPostgres } from '../../scripts/lib/find-postgres.mjs'
import { createTestClient } from '../support/api-client'
import { buildFunction, filesOf, presets, type FunctionBuild } from '../support/function-build'
import { root, Workshop } from '../support/server-process'

const RUNS = Number(process.env.BENCH_RUNS ?? 7)
const secrets = { AUTH_SECRET: 'bench-auth-secret-0123456789abcdef', ENCRYPTION_KEY: 'bench-encryption-key-0123456789ab' }

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const mib = (bytes: number) => Math.round(bytes / 2 ** 20 * 10) / 10

interface Row { preset: string, unpacked_mib: number, packed_mib: number, load_ms: number, first_answer_ms: number, warm_ms: number }

async function measure(build: FunctionBuild, databaseUrl: string): Promise<Row> {
  const workshop = new Workshop()
  const loads: number[] = []
  const firsts: number[] = []
  const warm: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const host = workshop.launch({ script: join(root, 'tests/support/function-host.mjs'), cwd: workshop.folder(), env: { FUNCTION_PRESET: build.preset, FUNCTION_HANDLER: build.handler, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', TRUST_PROXY: '1', ...secrets } })
    const client = createTestClient(await host.ready())
    loads.push(Number((await host.waitFor(/loaded in (\d+) ms/))[1]))
    const ask = async () => {
      const since = performance.now()
      const { status, text } = await client.get('/api/health/ready')
      if (status !== 200) throw new Error(`${build.preset} answered ${status}: ${text}`)
      return performance.now() - since
    }
    firsts.push(await ask())
    await ask()
    warm.push(await ask())
    await host.stop()
  }
  await workshop.tidy()
  // What the hosts count when something is uploaded.
  const packed = execFileSync('sh', ['-c', 'tar -C "$0" -czf - . | wc -c', build.folder], { encoding: 'utf8' })
  return {
    preset: build.preset,
    unpacked_mib: mib(filesOf(build).reduce((sum, { bytes }) => sum + bytes, 0)),
    packed_mib: mib(Number(packed)),
    load_ms: Math.round(median(loads)),
    first_answer_ms: Math.round(median(firsts)),
    warm_ms: Math.round(median(warm) * 10) / 10,
  }
}

const server = await findPostgres()
if (!server) throw new Error('There is no PostgreSQL to measure on: start one on 127.0.0.1:5432 or set TEST_DATABASE_URL.')
const admin = postgres(server, { max: 1, onnotice: () => {} })
const name = `vb_bench_functions_${process.pid}`
await admin.unsafe(`create database ${name}`)
const url = new URL(server)
url.pathname = `/${name}`
const rows: Row[] = []
try {
  for (const preset of presets) {
    const build = await buildFunction(preset)
    // The first start of all migrates and seeds: once in the life of an installation, and not what is measured.
    if (!rows.length) await measure(build, url.href)
    rows.push(await measure(build, url.href))
    console.log(rows.at(-1))
  }
}
finally {
  await admin.unsafe(`drop database if exists ${name} with (force)`)
  await admin.end()
}

const machine = `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), load average ${loadavg()[0]!.toFixed(1)} at the end`
mkdirSync(join(root, 'docs/benchmarks'), { recursive: true })
writeFileSync(join(root, 'docs/benchmarks/serverless.json'), `${JSON.stringify({ date: new Date().toISOString(), machine, runs: RUNS, rows }, null, 2)}\n`)
writeFileSync(join(root, 'docs/benchmarks/serverless.md'), `# On hosts of functions

Written by \`npm run bench:serverless\` on ${new Date().toISOString().slice(0, 10)}: medians of ${RUNS} runs, ${machine}. PostgreSQL on the same machine, migrated; no network in between, which on a real host adds its round trips to the connection, the checks and the query of the first answer.

| preset | unpacked, MiB | packed (tar.gz), MiB | loading the function, ms | first answer after it, ms | warm answer, ms |
|---|---:|---:|---:|---:|---:|
${rows.map(row => `| ${row.preset} | ${row.unpacked_mib} | ${row.packed_mib} | ${row.load_ms} | ${row.first_answer_ms} | ${row.warm_ms} |`).join('\n')}

- *loading*: \`import()\` of the built handler in a fresh process of Node, the process's own start left out.
- *first answer*: \`GET /api/health/ready\` right after: environment, connection, check of the schema.
- *warm answer*: the third request of the same process.

The functions hold neither PGlite (16 MiB) nor the sentence encoder (33 MiB). What a host adds, fetching and unpacking the function among it, is not in here.
`)
