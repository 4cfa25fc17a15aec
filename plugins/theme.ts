import { defineNuxtPlugin, useHead } from '#imports'
import { useTheme } from '~/composables/theme'

/** Puts the chosen theme on <html> for every layout, in the server's HTML already. */
export default defineNuxtPlugin(() => {
  const { chosen } = useTheme()
  useHead({
    htmlAttrs: { 'data-theme': () => chosen.value ?? undefined },
  })
})
