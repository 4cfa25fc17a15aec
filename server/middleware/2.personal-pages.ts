import { defineEventHandler, setResponseHeader } from 'h3'
import { readSessionToken, restoreSignedInMarker } from '#server/utils/session-cookie'

/** A page rendered for somebody who is signed in holds what is theirs: no cache may keep it, a browser's back button neither. */
export default defineEventHandler((event) => {
  const path = event.path.split('?')[0]!
  if (path.startsWith('/api/') || path.startsWith('/_nuxt/') || /\.\w+$/.test(path)) return
  const signedIn = readSessionToken(event) !== null
  if (signedIn) restoreSignedInMarker(event)
  setResponseHeader(event, 'cache-control', signedIn ? 'private, no-store' : 'private, no-cache')
})
