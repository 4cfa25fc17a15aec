/** Stands where nuxt-auth's own guard would be; never called. */
export default () => {}
