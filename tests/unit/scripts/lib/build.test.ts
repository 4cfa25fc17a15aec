import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isBuilt, stampBuild } from '../../../../scripts/lib/build.mjs'
import { hashSources } from '../../../../scripts/lib/source-hash.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-build-'))
  mkdirSync(join(folder, '.output/server'), { recursive: true })
  writeFileSync(join(folder, '.output/server/index.mjs'), '')
  writeFileSync(join(folder, 'app.vue'), '<template><p /></template>')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('whether the build is up to date', () => {
  it('is, right after it was made', () => {
    stampBuild(join(folder, '.output'), hashSources(folder))
    expect(isBuilt(folder)).toBe(true)
  })

  it('is not when it was cut off: the stamp comes last', () => {
    expect(isBuilt(folder)).toBe(false)
  })

  it('is not when a source has changed since', () => {
    stampBuild(join(folder, '.output'), hashSources(folder))
    writeFileSync(join(folder, 'app.vue'), '<template><b /></template>')
    expect(isBuilt(folder)).toBe(false)
  })

  it('is not when it came from another platform', () => {
    writeFileSync(join(folder, '.output/vasiliasbot-build.json'), JSON.stringify({ platform: 'darwin', arch: 'arm64', node: '20', abi: '115', sources: hashSources(folder) }))
    expect(isBuilt(folder)).toBe(false)
  })

  it('is not when somebody has emptied the folder', () => {
    stampBuild(join(folder, '.output'), hashSources(folder))
    rmSync(join(folder, '.output/server'), { recursive: true })
    expect(isBuilt(folder)).toBe(false)
  })
})
