import { defineNuxtPlugin } from '#imports'

/**
 * Ends the task that has started the app before the one that hydrates the page. Together they keep a slow machine's main
 * thread for more than 50 ms, in which it hears no click.
 */
export default defineNuxtPlugin((app) => {
  app.hook('app:beforeMount', () => new Promise<void>(resolve => setTimeout(resolve)))
})
