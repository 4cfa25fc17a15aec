import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** A path in the project. */
export const at = (...parts) => join(root, ...parts)

/** What a compiled or downloaded binary depends on: a folder made on another one of these is made anew. */
export const platform = { platform: process.platform, arch: process.arch, node: process.versions.node.split('.')[0], abi: process.versions.modules }

export const isSamePlatform = other => Object.entries(platform).every(([key, value]) => other?.[key] === value)

/** A failure that has its own sentence for the person at the terminal; anything else shows its stack. */
export class CommandError extends Error {
  expected = true
  exitCode = 1
}

/** The JSON in a file; null when there is none, or half of one. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  }
  catch {
    return null
  }
}

/** Writes a file whole or not at all. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`)
  renameSync(`${file}.${process.pid}`, file)
}

/** Reads `.env` where there is one; what the shell has set already wins. */
export function loadDotEnv() {
  if (existsSync(at('.env'))) process.loadEnvFile(at('.env'))
}
