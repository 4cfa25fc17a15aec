import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isPermissive, licencesPage, productionPackages } from '../../../../scripts/lib/licences.mjs'
import { root } from '../../../../scripts/lib/project.mjs'

const packages = productionPackages(root) as { name: string, version: string, licence: string }[]

describe('the licences of production dependencies', () => {
  it('are all permissive', () => {
    expect(packages.length).toBeGreaterThan(100)
    expect(packages.filter(({ licence }) => !isPermissive(licence)).map(({ name, version, licence }) => `${name} ${version}: ${licence || 'none'}`)).toEqual([])
  })

  it('are listed in docs/licences.md as they are (npm run licences writes it anew)', () => {
    expect(readFileSync(`${root}/docs/licences.md`, 'utf8')).toBe(licencesPage(packages))
  })

  it('have every direct dependency among them', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
    const listed = new Set(packages.map(({ name }) => name))
    expect(Object.keys(dependencies).filter(name => !listed.has(name))).toEqual([])
  })

  it.each([['MIT', true], ['(MIT OR GPL-3.0)', true], ['GPL-2.0-only OR BSD-3-Clause', true], ['MIT AND Apache-2.0', true], ['MIT AND GPL-3.0', false], ['GPL-3.0', false], ['AGPL-3.0-only', false], ['LGPL-3.0-or-later', false], ['', false], ['SEE LICENSE IN README.md', false], ['UNLICENSED', false], ['(MIT AND (LGPL-2.1 OR X))', false]])('%s: %s', (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected)
  })
})
