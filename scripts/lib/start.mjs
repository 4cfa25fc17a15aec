import { pathToFileURL } from 'node:url'
import { build, isBuilt, serverEntry } from './build.mjs'
import { install, isInstalled } from './install.mjs'
import { createProgress } from './progress.mjs'
import { loadDotEnv, root } from './project.mjs'
import { forwardSignals } from './run.mjs'

/** Installs and builds where needed, then runs the server in this very process, so that signals and exit code are its own. */
export async function start() {
  process.chdir(root)
  const release = forwardSignals()
  const needsInstall = !isInstalled()
  const needsBuild = needsInstall || !isBuilt()
  const progress = createProgress(1 + Number(needsInstall) + Number(needsBuild))
  const onWait = () => console.log('    Another start is doing this already; waiting for it.')
  if (needsInstall) await progress.step('Installing the packages', () => install({ onWait }), { hint: 'about a minute' })
  if (needsBuild) await progress.step('Building the site', () => build({ onWait }), { hint: 'about half a minute' })
  release()
  loadDotEnv()
  process.env.NODE_ENV ??= 'production'
  progress.last('Starting the server')
  await import(pathToFileURL(serverEntry).href)
}
