import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readEnv } from '#server/core/env'

/** What happens at the moment in which a start has seen that there are no secrets and makes its own. */
const meanwhile = vi.hoisted(() => ({ happens: () => {} }))
/** Set: this file system makes no hard links. */
const links = vi.hoisted(() => ({ refusal: null as string | null }))
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return { ...crypto, randomBytes: (size: number) => {
    meanwhile.happens()
    return crypto.randomBytes(size)
  } }
})
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, linkSync: (from: string, to: string) => {
    if (links.refusal) throw Object.assign(new Error(`${links.refusal}: no links here`), { code: links.refusal })
    fs.linkSync(from, to)
  } }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-first-'))
})
afterEach(() => {
  meanwhile.happens = () => {}
  links.refusal = null
  rmSync(folder, { recursive: true, force: true })
})

const theirs = { AUTH_SECRET: 't'.repeat(64), ENCRYPTION_KEY: 'u'.repeat(64) }

it.each([null, 'EPERM', 'ENOTSUP'])('of two first starts in one folder the second takes the secrets of the first (hard links: %s)', (refusal) => {
  links.refusal = refusal
  meanwhile.happens = () => existsSync(join(folder, 'secrets.json')) || writeFileSync(join(folder, 'secrets.json'), JSON.stringify(theirs))
  expect(readEnv({ DATA_DIR: folder })).toMatchObject(theirs)
  expect(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'))).toEqual(theirs)
  expect(readdirSync(folder)).toEqual(['secrets.json'])
})

it('a start that is alone keeps its own, also where no hard links can be made', () => {
  links.refusal = 'EPERM'
  const made = readEnv({ DATA_DIR: folder })
  expect(readEnv({ DATA_DIR: folder }).AUTH_SECRET).toBe(made.AUTH_SECRET)
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['secrets.json'])
})

it('a disk that takes no file is said so', () => {
  links.refusal = 'EIO'
  expect(() => readEnv({ DATA_DIR: folder })).toThrow(/cannot be used for the secrets: EIO/)
  expect(readdirSync(folder)).toEqual([])
})
