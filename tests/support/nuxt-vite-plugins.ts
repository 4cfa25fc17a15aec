import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import AutoImport from 'unimport/unplugin'
import type { Plugin } from 'vite'

const nuxtNames = [
  'useAuth', 'useAuthState', 'useRoute', 'useRouter', 'useRuntimeConfig', 'useNuxtApp', 'useRequestEvent', 'useRequestHeaders', 'useRequestURL',
  'useState', 'useCookie', 'useHead', 'useSeoMeta', 'useServerSeoMeta', 'useAsyncData', 'useLazyAsyncData', 'useFetch', 'useError',
  'createError', 'showError', 'clearError', 'navigateTo', 'abortNavigation', 'callOnce', 'clearNuxtState', 'clearNuxtData', 'refreshNuxtData',
  'onNuxtReady', 'definePageMeta', 'defineNuxtRouteMiddleware', 'defineNuxtPlugin', 'requestIdleCallback', 'cancelIdleCallback',
  'defineStore', 'storeToRefs', 'setPageLayout', 'reloadNuxtApp', 'prefetchComponents', 'preloadRouteComponents', 'useRouteAnnouncer', 'useLoadingIndicator',
  'onBeforeRouteLeave', 'onBeforeRouteUpdate',
]

/** What Nuxt imports by itself: Vue's functions, and its own, which come from tests/support/nuxt-imports.ts (`#imports`). */
export function nuxtAutoImports(): Plugin {
  return AutoImport.vite({
    presets: ['vue', { from: '#imports', imports: nuxtNames }],
    include: [/\.[jt]s$/, /\.vue(?:\?|$)/],
    exclude: [/node_modules/, /[\\/]tests[\\/]/],
  }) as Plugin
}

/** Registers components/**\/*.vue under their file names, also as `Lazy…`, as nuxt.config.ts does (`pathPrefix: false`). */
export function nuxtComponents(folder: string): Plugin {
  let files: Map<string, string> | undefined
  return {
    name: 'nuxt-components',
    enforce: 'post',
    transform(code, id) {
      if (!/\.vue(?:\?|$)/.test(id) || !code.includes('resolveComponent(')) return null
      files ??= new Map(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.vue')).map(file => [basename(file, '.vue'), join(folder, file)]))
      const imports = new Map<string, string>()
      const replaced = code.replace(/_?resolveComponent\("(\w+)"[^)]*\)/g, (call, name: string) => {
        const file = files!.get(name) ?? files!.get(name.replace(/^Lazy/, ''))
        if (!file || id.startsWith(file)) return call
        const local = `__component_${name}`
        imports.set(local, file)
        return local
      })
      const lines = [...imports].map(([local, file]) => `import ${local} from ${JSON.stringify(file)}`)
      return lines.length ? { code: `${lines.join('\n')}\n${replaced}`, map: null } : null
    },
  }
}
