import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { at, isSamePlatform, platform, readJson, writeJson } from './project.mjs'
import { npm, runQuietly } from './run.mjs'
import { inTurn } from './turn.mjs'

const paths = (folder = at()) => ({ lock: `${folder}/package-lock.json`, installed: `${folder}/node_modules/.package-lock.json`, stamp: `${folder}/node_modules/.vasiliasbot-install.json` })

const hashOf = file => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Whether node_modules is what the lockfile asks for, on this platform and Node. */
export function isInstalled(folder) {
  const { lock, installed, stamp } = paths(folder)
  // npm writes its own list last, so an installation that was cut off has none.
  if (!existsSync(installed)) return false
  const made = readJson(stamp)
  if (made && !isSamePlatform(made)) return false
  if (made?.lockfile === hashOf(lock)) return true
  if (!matches(readJson(lock), readJson(installed))) return false
  // Somebody ran npm by hand and did it right; next time the hash alone will tell.
  writeJson(stamp, { ...platform, lockfile: hashOf(lock) })
  return true
}

/** Whether every package of the lockfile is there in its version; other platforms' optional ones need not be. */
export function matches(lockfile, installed) {
  if (!lockfile?.packages || !installed?.packages) return false
  const wanted = Object.entries(lockfile.packages).filter(([path]) => path)
  const isThere = ([path, { version, integrity, optional }]) => {
    const found = installed.packages[path]
    if (!found) return Boolean(optional)
    return found.version === version && (!integrity || !found.integrity || found.integrity === integrity)
  }
  return wanted.every(isThere) && Object.keys(installed.packages).every(path => path in lockfile.packages)
}

/** Runs `npm ci` unless another process just did. */
export async function install({ onWait } = {}) {
  await inTurn(at('.cache/install.lock'), async () => {
    if (isInstalled()) return
    const [command, args] = npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn')
    await runQuietly('Installing the packages', command, args, {
      log: at('.cache/logs/install.log'),
      env: { NUXT_TELEMETRY_DISABLED: '1', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', NODE_ENV: 'development' },
      advice: 'Check that this machine reaches the npm registry (`npm ping`) and has 1.5 GB of disk left, then run the command again.',
    })
    writeJson(paths().stamp, { ...platform, lockfile: hashOf(paths().lock) })
  }, { onWait })
}
