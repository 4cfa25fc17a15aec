import { isIP } from 'node:net'
import { getRequestHeader, type H3Event } from 'h3'
import { env } from '#server/core/env'

/**
 * The caller's address. Behind TRUST_PROXY proxies each of them has appended what it saw to X-Forwarded-For, so the
 * entry that many from the right is the first that a proxy of ours vouches for; what stands left of it anybody can write.
 */
export function requestAddress(event: H3Event): string {
  const proxies = env().TRUST_PROXY
  const forwarded = proxies ? getRequestHeader(event, 'x-forwarded-for')?.split(',').map(part => part.trim()) : undefined
  return networkOf(forwarded?.at(-proxies) ?? forwarded?.[0] ?? event.node.req.socket?.remoteAddress ?? 'unknown')
}

/**
 * What stands for one caller: an IPv4 address, however it is written, or the /64 that a provider gives one line of IPv6,
 * in which anybody can have as many addresses as they like.
 */
export function networkOf(written: string): string {
  const address = written.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (isIP(address) !== 6) return address.slice(0, 64)
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right]
  return `${groups.slice(0, 4).map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

/** Host and protocol as the browser used them; a proxy's word counts only with TRUST_PROXY. PUBLIC_URL overrules both. */
export function requestOrigin(event: H3Event): { host: string | undefined, secure: boolean } {
  const { PUBLIC_URL, TRUST_PROXY } = env()
  if (PUBLIC_URL) {
    const url = new URL(PUBLIC_URL)
    return { host: url.host, secure: url.protocol === 'https:' }
  }
  const forwarded = (name: string) => TRUST_PROXY ? getRequestHeader(event, name)?.split(',')[0]?.trim() : undefined
  const encrypted = Boolean((event.node.req.socket as { encrypted?: boolean } | undefined)?.encrypted)
  return {
    host: forwarded('x-forwarded-host') ?? getRequestHeader(event, 'host'),
    secure: (forwarded('x-forwarded-proto') ?? (encrypted ? 'https' : 'http')) === 'https',
  }
}
