import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mendedPostgres, mendPostgres } from '../../../scripts/build/mend-postgres'

const source = (name: string) => readFileSync(fileURLToPath(new URL(`../../../node_modules/postgres/src/${name}`, import.meta.url)), 'utf8')

describe('postgres.js, mended', () => {
  it('is the version that the mends were written for', () => {
    for (const name of ['index.js', 'connection.js']) expect(mendPostgres(`src/${name}`, source(name))).not.toBe(source(name))
    expect(mendPostgres('src/types.js', source('types.js'))).toBe(source('types.js'))
  })

  it('is said to be another one where it is, mended or changed', () => {
    expect(() => mendPostgres('src/connection.js', mendPostgres('src/connection.js', source('connection.js')))).toThrow('postgres/src/connection.js is not as scripts/build/mend-postgres.ts knows it')
    expect(() => mendPostgres('src/index.js', '')).toThrow('see whether the new version mends this itself')
  })

  it('is told from everything else by its path, on any system', () => {
    const { transform } = mendedPostgres()
    expect(transform(source('index.js'), 'C:\\site\\node_modules\\postgres\\src\\index.js')?.code).toContain('lost = e')
    for (const path of ['/site/node_modules/postgres/src/types.js', '/site/server/db/client.ts', '/site/node_modules/drizzle-orm/postgres-js/index.js']) expect(transform('', path)).toBeUndefined()
  })

  it('fails a build that leaves it outside of the bundle, whole or in part', () => {
    const { transform, generateBundle } = mendedPostgres()
    expect(generateBundle).toThrow('postgres/src/connection.js and src/index.js would not be in the server\'s bundle')
    transform(source('index.js'), '/site/node_modules/postgres/src/index.js')
    expect(generateBundle).toThrow('postgres/src/connection.js would not be')
    transform(source('connection.js'), '/site/node_modules/postgres/src/connection.js')
    expect(generateBundle).not.toThrow()
  })
})
