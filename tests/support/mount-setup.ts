import { config, enableAutoUnmount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach } from 'vitest'
import { builtIns, resetNuxt } from './nuxt-imports'

Object.assign(config.global.components ??= {}, builtIns)

beforeEach(() => {
  resetNuxt()
  const pinia = createPinia()
  setActivePinia(pinia)
  config.global.plugins = [pinia]
  localStorage.clear()
  sessionStorage.clear()
})

enableAutoUnmount(afterEach)
afterEach(() => {
  document.body.innerHTML = ''
})
