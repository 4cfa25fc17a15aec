import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashSources, listSources } from '../../../../scripts/lib/source-hash.mjs'

let folder: string
const write = (file: string, text = file) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-sources-'))
  for (const file of ['nuxt.config.ts', 'package-lock.json', 'pages/index.vue', 'server/api/x.ts', 'README.md', 'tests/unit/x.test.ts', 'scripts/start.mjs', 'node_modules/x/index.js', '.nuxt/x.ts', '.env', 'docs/a.md']) write(file)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the hash of the sources', () => {
  it('covers what the build reads and nothing else', () => {
    expect(listSources(folder)).toEqual(['nuxt.config.ts', 'package-lock.json', 'pages/index.vue', 'server/api/x.ts'])
  })

  it.each(['README.md', 'tests/unit/x.test.ts', 'scripts/start.mjs', 'node_modules/x/index.js', '.env', 'docs/a.md'])('stays the same when %s changes', (file) => {
    const before = hashSources(folder)
    write(file, 'changed')
    expect(hashSources(folder)).toBe(before)
  })

  it.each(['pages/index.vue', 'server/api/x.ts', 'package-lock.json', 'composables/new.ts', 'a-new-folder/x.ts', 'scripts/build/x.ts'])('changes when %s changes or appears', (file) => {
    const before = hashSources(folder)
    write(file, 'changed')
    expect(hashSources(folder)).not.toBe(before)
  })

  it('changes when a file goes or gets another name', () => {
    const before = hashSources(folder)
    rmSync(join(folder, 'server/api/x.ts'))
    const without = hashSources(folder)
    write('server/api/y.ts', 'server/api/x.ts')
    expect(new Set([before, without, hashSources(folder)]).size).toBe(3)
  })

  it('does not mind when a checkout gives the same content another time', () => {
    const before = hashSources(folder)
    utimesSync(join(folder, 'pages/index.vue'), new Date(), new Date())
    expect(hashSources(folder)).toBe(before)
  })

  it('takes well under 300 ms for this project, of the processor\'s own time', () => {
    hashSources()
    const begun = process.cpuUsage()
    hashSources()
    const { user, system } = process.cpuUsage(begun)
    expect((user + system) / 1000).toBeLessThan(300)
  })
})
