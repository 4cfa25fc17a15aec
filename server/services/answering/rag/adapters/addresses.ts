/** The address with a segment more in its path; its query stays. */
export function appendPath(address: string, segments: string): string {
  const url = new URL(address)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${segments}`
  return url.href
}

/**
 * The address to ask: operators write either the whole address or only where the API begins (`https://host`,
 * `https://host/v1`), so the rest is added to those two alone.
 */
export function endpoint(address: string, path: string): string {
  const { pathname } = new URL(address)
  if (/^\/*$/.test(pathname)) return appendPath(address, `v1/${path}`)
  return /\/v1\/*$/.test(pathname) ? appendPath(address, path) : address
}
