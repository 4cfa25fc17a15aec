import { createHash, timingSafeEqual } from 'node:crypto'
import { getRequestHeader, type H3Event } from 'h3'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether the request brings `Authorization: Bearer <token>`; false without a token to compare with. */
export function hasBearer(event: H3Event, token: string | undefined): boolean {
  const given = /^Bearer\s+(\S+)$/i.exec(getRequestHeader(event, 'authorization') ?? '')?.[1]
  return token !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(token))
}

/**
 * Whether the caller is on this very machine. A proxy on it makes everybody look so, but names the caller in a header:
 * with one of those nobody counts as local.
 */
export function isOnLoopback(event: H3Event): boolean {
  if (['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-forwarded-host', 'via'].some(name => getRequestHeader(event, name) !== undefined)) return false
  const address = event.node.req.socket?.remoteAddress
  return address !== undefined && /^(?:127\.|::1$|::ffff:127\.)/.test(address)
}
