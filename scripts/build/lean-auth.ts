import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const shim = fileURLToPath(new URL('./lean-auth-shim.ts', import.meta.url))

/**
 * nuxt-auth's plugin brings its page guard along in case `globalAppMiddleware` asks for it. Ours does not (pages name
 * their own in middleware/), and half a kilobyte of each page goes with it.
 */
export function leanAuth(): Plugin {
  return {
    name: 'vasiliasbot:lean-auth',
    enforce: 'pre',
    applyToEnvironment: environment => environment.name === 'client',
    resolveId(id, importer) {
      if (id === './middleware/sidebase-auth.js' && importer?.endsWith('/@sidebase/nuxt-auth/dist/runtime/plugin.js')) return shim
    },
  }
}
