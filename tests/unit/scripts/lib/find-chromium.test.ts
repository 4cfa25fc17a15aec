import { describe, expect, it } from 'vitest'
import { findChromium, waysToInstall } from '../../../../scripts/lib/find-chromium.mjs'

const machine = (files: string[], env: Record<string, string> = {}, broken: string[] = []) => findChromium({
  env: { PATH: '/usr/local/bin:/usr/bin', ...env },
  exists: file => files.includes(String(file)),
  starts: (file: string) => !broken.includes(file),
  playwrights: async () => '/root/.cache/ms-playwright/chromium/chrome',
})

describe('finding a Chromium', () => {
  it('takes the one in CHROMIUM first', async () => {
    expect(await machine(['/opt/chrome', '/usr/bin/chromium'], { CHROMIUM: '/opt/chrome' })).toBe('/opt/chrome')
  })

  it('says so when CHROMIUM is wrong, instead of testing with another browser', async () => {
    await expect(machine(['/usr/bin/chromium'], { CHROMIUM: '/opt/nothing' })).rejects.toThrow('/opt/nothing')
  })

  it.each([
    [['/usr/bin/chromium', '/usr/bin/google-chrome'], '/usr/bin/chromium'],
    [['/usr/bin/chromium-browser'], '/usr/bin/chromium-browser'],
    [['/usr/local/bin/google-chrome-stable'], '/usr/local/bin/google-chrome-stable'],
    [['/root/.cache/ms-playwright/chromium/chrome'], '/root/.cache/ms-playwright/chromium/chrome'],
    [[], null],
  ])('of %j takes %s', async (files, found) => {
    expect(await machine(files)).toBe(found)
  })

  it('passes over one that does not start, such as Ubuntu\'s stub', async () => {
    expect(await machine(['/usr/bin/chromium-browser', '/root/.cache/ms-playwright/chromium/chrome'], {}, ['/usr/bin/chromium-browser'])).toBe('/root/.cache/ms-playwright/chromium/chrome')
  })
})

describe('installing a Chromium', () => {
  const commands = (...args: Parameters<typeof waysToInstall>) => waysToInstall(...args).map(way => [way].flat().map(({ command, args: [first] }) => `${command.split('/').pop()} ${first!.split('/').pop()}`))

  it('asks Debian for it as root, and Playwright when that fails', () => {
    expect(commands({ isRoot: true, hasApt: true, osRelease: 'ID=debian' })).toEqual([['apt-get update', 'apt-get install'], ['node cli.js']])
    expect(commands({ isRoot: true, hasApt: true, osRelease: 'NAME="Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"' })).toHaveLength(2)
  })

  it.each([
    { isRoot: false, hasApt: true, osRelease: 'ID=debian' },
    { isRoot: true, hasApt: false, osRelease: 'ID=debian' },
    { isRoot: true, hasApt: true, osRelease: 'ID=fedora' },
  ])('leaves it to Playwright on %j', (given) => {
    expect(commands(given)).toEqual([['node cli.js']])
  })
})
