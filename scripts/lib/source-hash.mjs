import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'

/** At the top of the project: what no build reads. Everything else counts, so a new folder is never forgotten. */
const NOT_SOURCES = new Set(['node_modules', 'tests', 'docs', 'scripts', 'coverage', 'dist', 'test-results', 'playwright-report', 'examples', 'deploy', 'bench-data', 'Dockerfile', 'LICENSE', 'eslint.config.mjs', 'vitest.config.ts', 'playwright.config.ts', 'drizzle.config.ts'])
/** Of the scripts, what nuxt.config.ts builds with. */
const BUILD_SCRIPTS = ['scripts/build', 'scripts/matcher']
const isSource = name => !NOT_SOURCES.has(name) && !name.startsWith('.') && !/\.(?:md|log|ya?ml)$/.test(name)

/** One hash over the names and contents of all files the built server is made of. About 20 ms for 300 files. */
export function hashSources(folder = root) {
  const hash = createHash('sha256')
  for (const file of listSources(folder)) {
    hash.update(`${file}\0`).update(readFileSync(join(folder, file))).update('\0')
  }
  return hash.digest('hex')
}

/** The source files, in a fixed order, with `/` between folders. */
export function listSources(folder = root) {
  const files = []
  const walk = (path) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (path ? /^\.|~$/.test(entry.name) : !isSource(entry.name)) continue
      const inside = path ? `${path}/${entry.name}` : entry.name
      if (entry.isDirectory()) walk(inside)
      else if (entry.isFile()) files.push(inside)
    }
  }
  walk('')
  for (const path of BUILD_SCRIPTS) if (existsSync(join(folder, path))) walk(path)
  return files.sort()
}
