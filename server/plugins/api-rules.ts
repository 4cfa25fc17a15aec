import { defineNitroPlugin } from 'nitropack/runtime'

/**
 * nuxt-security works out its rules for each request anew (a copy of all of them, a new router, a nonce), a tenth of what a
 * small request costs. They are for pages: /api gets its headers from the route rules and has no use for the rest.
 */
export default defineNitroPlugin(({ h3App }) => {
  const { onRequest } = h3App.options
  h3App.options.onRequest = (event) => {
    if (event.path.startsWith('/api/')) Object.assign(event.context, { security: { rules: { enabled: false }, route: '/api/**' } })
    return onRequest?.(event)
  }
})
