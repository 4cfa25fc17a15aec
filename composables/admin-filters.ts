import { navigateTo, useRoute } from '#imports'
import { computed } from 'vue'

/** A list's filters as the address holds them: back, forward, reload and a link sent to a colleague show the same list. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const route = useRoute()
  const filters = computed(() => Object.fromEntries(names.map((name) => {
    const value = route.query[name]
    return [name, typeof value === 'string' ? value.trim() : '']
  })) as Record<Name, string>)
  const isFiltered = computed(() => names.some(name => filters.value[name]))
  const key = computed(() => JSON.stringify(filters.value))

  function filter(next: Partial<Record<Name, string>>) {
    const query = Object.fromEntries(Object.entries({ ...filters.value, ...next }).filter(([, value]) => value)) as Record<string, string>
    return navigateTo({ query }, { replace: true })
  }
  const clear = () => navigateTo({ query: {} }, { replace: true })
  return { filters, isFiltered, key, filter, clear }
}

/** The 31st of February is none, though Date would take it for the 3rd of March. */
const isDay = (day: string) => /^\d{4}-\d{2}-\d{2}$/.test(day) && new Date(`${day}T00:00:00`).getDate() === Number(day.slice(-2))

/** Two days of the reader's own calendar as the moments they begin and end; a day that is none is left out. */
export function periodOf({ from, to }: { from: string, to: string }): { from?: string, to?: string } {
  return {
    ...(isDay(from) ? { from: new Date(`${from}T00:00:00`).toISOString() } : {}),
    ...(isDay(to) ? { to: new Date(`${to}T23:59:59.999`).toISOString() } : {}),
  }
}
