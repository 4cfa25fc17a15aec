import { computed, useCookie } from '#imports'

export type Theme = 'light' | 'dark'

/**
 * The visitor's own choice of theme, kept in a cookie so that the server renders it at once; null follows the system.
 * Choosing what the system shows anyway goes back to following it.
 */
export function useTheme() {
  const cookie = useCookie<unknown>('theme', { maxAge: 365 * 24 * 60 * 60, sameSite: 'lax', path: '/' })
  const chosen = computed<Theme | null>(() => (cookie.value === 'light' || cookie.value === 'dark' ? cookie.value : null))

  function toggle() {
    const system: Theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    const next: Theme = (chosen.value ?? system) === 'dark' ? 'light' : 'dark'
    cookie.value = next === system ? null : next
  }

  return { chosen, toggle }
}
