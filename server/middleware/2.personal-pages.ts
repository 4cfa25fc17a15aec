import { defineEventHandler, setResponseHeader } from 'h3'
import { readSessionToken, restoreSignedInMarker } from '#server/utils/session-cookie'

/** Pages that links in e-mails open: what such a link carries goes nowhere else, and no cache keeps the page. */
const LINK_PAGES = new Set(['/reset-password', '/confirm-email'])

/** A page rendered for somebody who is signed in holds what is theirs: no cache may keep it, a browser's back button neither. */
export default defineEventHandler((event) => {
  const path = event.path.split('?')[0]!
  if (path.startsWith('/api/') || path.startsWith('/_nuxt/') || /\.\w+$/.test(path)) return
  const signedIn = readSessionToken(event) !== null
  const isLinkPage = LINK_PAGES.has(path.replace(/\/+$/, ''))
  if (signedIn) restoreSignedInMarker(event)
  setResponseHeader(event, 'cache-control', signedIn || isLinkPage ? 'private, no-store' : 'private, no-cache')
})
