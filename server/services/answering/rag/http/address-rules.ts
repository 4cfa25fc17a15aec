import { BlockList, isIP, isIPv6 } from 'node:net'

type Subnet = readonly [net: string, prefix: number]

/*
 * Where no RAG API lives and where cloud machines keep their credentials: link-local, the clouds' metadata services,
 * multicast, broadcast.
 */
const never = listOf([
  ['169.254.0.0', 16], ['fe80::', 10],
  ['100.100.100.200', 32], ['192.0.0.192', 32], ['168.63.129.16', 32], ['fd00:ec2::254', 128], ['fd20:ce::254', 128],
  ['224.0.0.0', 4], ['255.255.255.255', 32], ['ff00::', 8],
])

/** This machine and private networks: where operators run their RAG API, refused only with RAG_DENY_PRIVATE=1. */
const privately = listOf([
  ['127.0.0.0', 8], ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['0.0.0.0', 8], ['198.18.0.0', 15], ['240.0.0.0', 4],
  ['::', 128], ['::1', 128], ['fc00::', 7], ['fec0::', 10], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2002::', 16],
])

function listOf(subnets: Subnet[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIPv6(net) ? 'ipv6' : 'ipv4')
  return list
}

/** IPv6 networks whose addresses carry an IPv4 one: at which byte, and whether it is inverted. */
const carriers = ([
  ['::ffff:0:0', 96, 12], ['::', 96, 12], ['::ffff:0:0:0', 96, 12], ['64:ff9b::', 96, 12], ['64:ff9b:1::', 48, 12], ['2002::', 16, 2], ['2001::', 32, 12, true],
] as const).map(([net, prefix, at, isInverted = false]) => ({ list: listOf([[net, prefix]]), at, isInverted }))

/** The IPv4 addresses that an IPv6 address leads to: mapped, compatible, translated, NAT64, 6to4, Teredo. */
function carriedBy(address: string): string[] {
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::').map(part => (part ? part.split(':').map(group => Number.parseInt(group, 16)) : []))
  const groups = tail ? [...head!, ...Array<number>(8 - head!.length - tail.length).fill(0), ...tail] : head!
  const bytes = groups.flatMap(group => [group >> 8, group & 255])
  return carriers.filter(({ list }) => list.check(address, 'ipv6')).map(({ at, isInverted }) => bytes.slice(at, at + 4).map(byte => (isInverted ? byte ^ 255 : byte)).join('.'))
}

/** Why an IP address may not be connected to; null when it may. */
export function refusalOf(address: string, denyPrivate: boolean): string | null {
  const bare = address.replace(/^\[|\]$/g, '').split('%')[0]!
  const family = isIP(bare)
  if (!family) return 'it is not an IP address'
  const isOn = (list: BlockList) => list.check(bare, family === 6 ? 'ipv6' : 'ipv4') || (family === 6 && carriedBy(bare).some(ipv4 => list.check(ipv4, 'ipv4')))
  if (isOn(never)) return 'it is a link-local, metadata or multicast address'
  if (denyPrivate && isOn(privately)) return 'it is a private address, and RAG_DENY_PRIVATE=1'
  return null
}
