import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled, matches } from '../../../../scripts/lib/install.mjs'

const lockfile = { packages: { '': { name: 'x' }, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' }, 'node_modules/only-on-mac': { version: '1.0.0', optional: true } } }
const installed = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } }

describe('whether the installed packages match the lockfile', () => {
  it('accepts the same versions, and that another platform\'s optional package is missing', () => {
    expect(matches(lockfile, installed)).toBe(true)
  })

  it.each([
    ['another version', { packages: { 'node_modules/a': { version: '1.0.1' } } }],
    ['another content of the same version', { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } } }],
    ['a missing package', { packages: {} }],
    ['one too many', { packages: { ...installed.packages, 'node_modules/b': { version: '1.0.0' } } }],
    ['no list at all', null],
  ])('refuses %s', (_, list) => {
    expect(matches(lockfile, list)).toBe(false)
  })
})

describe('whether anything has to be installed', () => {
  let folder: string
  const stamp = () => join(folder, 'node_modules/.vasiliasbot-install.json')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vb-install-'))
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockfile))
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(installed))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('needs nothing after a complete installation, by hand too, and remembers it', () => {
    expect(isInstalled(folder)).toBe(true)
    expect(JSON.parse(readFileSync(stamp(), 'utf8'))).toMatchObject({ platform: process.platform, abi: process.versions.modules })
  })

  it('installs when node_modules is missing', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true })
    expect(isInstalled(folder)).toBe(false)
  })

  it('installs after an installation that was cut off: npm writes its own list last', () => {
    rmSync(join(folder, 'node_modules/.package-lock.json'))
    expect(isInstalled(folder)).toBe(false)
  })

  it('installs when the lockfile asks for something else', () => {
    isInstalled(folder)
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { ...lockfile.packages, 'node_modules/b': { version: '1.0.0' } } }))
    expect(isInstalled(folder)).toBe(false)
  })

  it('installs when the packages came from another platform or Node', () => {
    isInstalled(folder)
    writeFileSync(stamp(), readFileSync(stamp(), 'utf8').replace(`"abi": "${process.versions.modules}"`, '"abi": "1"'))
    expect(isInstalled(folder)).toBe(false)
  })
})
