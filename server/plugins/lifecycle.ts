import { defineNitroPlugin, useStorage } from 'nitropack/runtime'
import { setAssetSource } from '#server/core/assets'
import { startApplication, stopApplication } from '#server/services/application'
import { startBackgroundWork } from '#server/services/background-work'
import { setMigrationSource } from '#server/services/migrations'
import { demoAccountLines } from '#server/services/seed'

/** Starts the application with the server and stops it with it. The build's prerenderer loads plugins too and must open nothing. */
export default defineNitroPlugin((nitroApp) => {
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
  // Whoever awaits it tells of a failure: the entry before it listens, on other hosts each request.
  const starting = startApplication()
  starting.catch(() => {})
  // In production the entry of the plain Node server does both; a serverless host has no use for them.
  if (import.meta.dev) {
    startBackgroundWork()
    starting.then(report => process.stderr.write(demoAccountLines(report.demoAccounts).map(line => `${line}\n`).join('')), () => {})
  }
  nitroApp.hooks.hook('close', stopApplication)
})
