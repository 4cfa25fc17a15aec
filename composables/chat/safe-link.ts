export interface SafeLink {
  href: string
  /** A path of this site: followed without loading the page anew. */
  isInternal: boolean
}

/** What a text may link to: http, https, mailto, and paths of this site. null for everything else. */
export function safeLink(address: string, origin = globalThis.location?.origin ?? 'http://localhost'): SafeLink | null {
  // Browsers ignore these inside an address: "java\nscript:" would otherwise slip through.
  // eslint-disable-next-line no-control-regex
  const trimmed = address.replace(/[\u0000-\u0020\u007F-\u009F]/g, '')
  const isPath = /^\/(?![/\\])/.test(trimmed)
  if (!isPath && !/^(?:https?:\/\/|mailto:)/i.test(trimmed)) return null
  try {
    const url = new URL(trimmed, origin)
    if (url.username || url.password) return null
    const isInternal = url.origin === origin && url.protocol !== 'mailto:'
    return { href: isInternal ? url.pathname + url.search + url.hash : url.href, isInternal }
  }
  catch {
    return null
  }
}
