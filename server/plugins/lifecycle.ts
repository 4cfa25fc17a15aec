import { defineNitroPlugin, useStorage } from 'nitropack/runtime'
import { setAssetSource } from '#server/core/assets'
import { setFunctionsHost } from '#server/core/platform'
import { startApplication, stopApplication } from '#server/services/application'
import { startBackgroundWork } from '#server/services/background-work'
import { setMigrationSource } from '#server/services/migrations'
import { demoAccountLines } from '#server/services/seed'

/** The presets that nuxt.config.ts builds without PGlite and the encoder. */
const functionsHosts = ['vercel', 'netlify', 'aws-lambda']

/** Starts the application with the server and stops it with it. The build's prerenderer loads plugins too and must open nothing. */
export default defineNitroPlugin((nitroApp) => {
  setFunctionsHost(functionsHosts.includes(import.meta.preset ?? ''))
  setMigrationSource(async () => {
    const storage = useStorage('assets:migrations')
    const names = (await storage.getKeys()).filter(name => name.endsWith('.sql')).sort()
    return Promise.all(names.map(async name => ({ tag: name.slice(0, -'.sql'.length), sql: String(await storage.getItem(name)) })))
  })
  setAssetSource(async (folder, name) => {
    const content = await useStorage(`assets:${folder}`).getItemRaw<Uint8Array>(name)
    if (!content) throw new Error(`The build lacks the asset ${folder}/${name}`)
    return content
  })
  if (import.meta.prerender) return
  // In production the entry of the plain Node server starts it, ready for a signal to stop; on other hosts the first request does.
  if (import.meta.dev) {
    startApplication().then((report) => {
      startBackgroundWork()
      process.stderr.write(demoAccountLines(report.demoAccounts).map(line => `${line}\n`).join(''))
    }, () => {})
  }
  nitroApp.hooks.hook('close', stopApplication)
})
