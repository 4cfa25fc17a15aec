import { BlockList, isIP, isIPv6 } from 'node:net'

type Subnet = readonly [net: string, prefix: number]

/*
 * Where no RAG API lives and where cloud machines keep their credentials: link-local, the clouds' metadata services,
 * multicast, broadcast; also written as NAT64 and 6to4 addresses. Node's BlockList sees through `::ffff:a.b.c.d` itself.
 */
const never = listOf([
  ['169.254.0.0', 16], ['fe80::', 10], ['64:ff9b::a9fe:0', 112], ['2002:a9fe::', 32],
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

/** Why an IP address may not be connected to; null when it may. */
export function refusalOf(address: string, denyPrivate: boolean): string | null {
  const bare = address.replace(/^\[|\]$/g, '').split('%')[0]!
  const family = isIP(bare)
  if (!family) return 'it is not an IP address'
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  if (never.check(bare, kind)) return 'it is a link-local, metadata or multicast address'
  if (denyPrivate && privately.check(bare, kind)) return 'it is a private address, and RAG_DENY_PRIVATE=1'
  return null
}
