export { safeRedirect } from '#shared/safe-redirect'
