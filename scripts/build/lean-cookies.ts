import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const shims = fileURLToPath(new URL('./lean-cookies-shims.ts', import.meta.url))

/**
 * Nuxt's useCookie copies and compares cookie values with two libraries made for any object: 1.2 KB of each page. Our
 * cookies hold short texts, for which the few lines of lean-cookies-shims.ts do the same.
 */
export function leanCookies(): Plugin {
  return {
    name: 'vasiliasbot:lean-cookies',
    enforce: 'pre',
    applyToEnvironment: environment => environment.name === 'client',
    resolveId(id, importer) {
      if ((id === 'ohash' || id === 'klona') && importer?.endsWith('/nuxt/dist/app/composables/cookie.js')) return shims
    },
  }
}
