import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { at, isSamePlatform, platform, readJson, root, writeJson } from './project.mjs'
import { runQuietly } from './run.mjs'
import { hashSources } from './source-hash.mjs'
import { inTurn } from './turn.mjs'

/** Inside of the build, so that it comes and goes with it. A build by hand (`npm run build`) has none and is made anew. */
const STAMP = 'vasiliasbot-build.json'
const output = at('.output')

export const serverEntry = at('.output/server/index.mjs')

/** Whether .output was built from the sources as they are now, on this platform. */
export function isBuilt(project = root) {
  const stamp = readJson(`${project}/.output/${STAMP}`)
  return existsSync(`${project}/.output/server/index.mjs`) && isSamePlatform(stamp) && stamp.sources === hashSources(project)
}

/** Marks a folder as the build of these sources; the last thing that happens to it. */
export function stampBuild(folder, sources) {
  writeJson(`${folder}/${STAMP}`, { ...platform, sources })
}

/**
 * Builds into a folder of its own and swaps it in whole: a build that was cut off never counts as one. Of several
 * processes that need it at once, one builds and the others wait.
 */
export async function build({ onWait } = {}) {
  await inTurn(at('.cache/build.lock'), async () => {
    if (isBuilt()) return
    const sources = hashSources()
    // Named after this process: what a killed one is still writing is not ours, and is swept away with the next build.
    const workshop = at('.cache/build')
    rmSync(workshop, { recursive: true, force: true, maxRetries: 3 })
    const mine = `${workshop}/${process.pid}`
    const fresh = `${mine}/output`
    mkdirSync(mine, { recursive: true })
    // tsconfig.json extends a file of .nuxt, which a build with a folder of its own does not write.
    await runQuietly('Preparing', process.execPath, [at('node_modules/nuxt/bin/nuxt.mjs'), 'prepare'], { log: at('.cache/logs/prepare.log'), env: { NUXT_TELEMETRY_DISABLED: '1' } })
    await runQuietly('Building', process.execPath, [at('node_modules/nuxt/bin/nuxt.mjs'), 'build'], {
      log: at('.cache/logs/build.log'),
      env: {
        NODE_ENV: 'production',
        NUXT_TELEMETRY_DISABLED: '1',
        // A folder of its own, so that `npm run dev` can go on beside it.
        NUXT_BUILD_DIR: `${mine}/nuxt`,
        NUXT_OUTPUT_DIR: fresh,
        // `npm start` is the plain Node server, whatever this machine deploys to.
        NITRO_PRESET: '',
        SERVER_PRESET: '',
      },
    })
    stampBuild(fresh, sources)
    if (existsSync(output)) renameSync(output, `${mine}/replaced`)
    renameSync(fresh, output)
    rmSync(workshop, { recursive: true, force: true, maxRetries: 3 })
  }, { onWait })
}
