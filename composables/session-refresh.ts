/**
 * nuxt-auth can ask for the session again every so often or when a window gets the focus. We do neither: a request that
 * finds the session ended says so. Its handler with the timers would be half a kilobyte on each page.
 */
export default { init: () => {}, destroy: () => {} }
