import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { hashSources } from '../../scripts/lib/source-hash.mjs'
import { runQuietly } from '../../scripts/lib/run.mjs'
import { root } from './server-process'

export const presets = ['aws-lambda', 'netlify', 'vercel'] as const
export type Preset = typeof presets[number]

export interface FunctionBuild {
  preset: Preset
  /** What is deployed as the function: its files without the static ones. */
  folder: string
  /** The module with the handler. */
  handler: string
}

const places: Record<Preset, { folder: string, handler: string }> = {
  'aws-lambda': { folder: 'server', handler: 'index.mjs' },
  'netlify': { folder: 'server', handler: 'main.mjs' },
  'vercel': { folder: 'functions/__fallback.func', handler: 'index.mjs' },
}

/** The product built for a host, in `.cache/serverless`: made when the sources have changed since, half a minute each. */
export async function buildFunction(preset: Preset): Promise<FunctionBuild> {
  const home = join(root, '.cache/serverless', preset)
  const stamp = join(home, 'sources')
  const sources: string = hashSources(root)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true })
    const output = join(home, 'output')
    await runQuietly(`Building for ${preset}`, process.execPath, [join(root, 'node_modules/nuxt/bin/nuxt.mjs'), 'build'], {
      log: join(root, `.cache/logs/build-${preset}.log`),
      env: { NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1', NITRO_PRESET: preset, SERVER_PRESET: '', NUXT_BUILD_DIR: join(home, 'nuxt'), NUXT_OUTPUT_DIR: output },
    })
    writeFileSync(stamp, sources)
  }
  const folder = join(home, 'output', places[preset].folder)
  return { preset, folder, handler: join(folder, places[preset].handler) }
}

/** Every file of the function with its size in bytes. */
export function filesOf({ folder }: FunctionBuild): { path: string, bytes: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => ({ path, stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile()).map(({ path, stat }) => ({ path, bytes: stat.size }))
}
