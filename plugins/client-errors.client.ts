import { defineNuxtPlugin } from '#imports'

/** What does the telling is loaded with the first error: until then this costs a page a hundred bytes. */
export default defineNuxtPlugin((app) => {
  const tell = (error: unknown) => import('~/composables/report-error').then(reporter => reporter.reportError(error), () => {})
  app.hook('vue:error', tell)
  addEventListener('error', event => event.error && tell(event.error))
  addEventListener('unhandledrejection', event => tell(event.reason))
})
