import { randomUUID } from 'node:crypto'
import { IdOf } from './values'

const KEEP = 120

/** Fields and path segments that name the same kind of thing. */
const alias: Record<string, string> = { conversation_id: 'conversations', faq_id: 'faqs', ids: 'faqs', also: 'unanswered', id: 'faqs', message_id: 'messages', client_message_id: 'client', entity_id: 'faqs', customer: 'users', actor: 'users' }
const poolOf = (name: string) => alias[name] ?? name

/** Ids, cursors and versions that answers have brought, for the requests that follow. */
export class Pools {
  private readonly found = new Map<string, unknown[]>()
  private readonly versions = new Map<string, number>()

  /** `spared`: accounts that must go on being able to sign in. */
  constructor(private readonly spared: Set<string>) {}

  private keep(pool: string, value: unknown) {
    if (this.spared.has(String(value))) return
    const known = this.found.get(pool) ?? []
    if (known.length < KEEP) known.push(value)
    else known[Math.floor(known.length / 2)] = value
    this.found.set(pool, known)
  }

  /** Takes what can be used again out of an answer. */
  harvest(path: string, body: unknown): void {
    const collection = path.match(/\/(conversations|faqs|negatives|outbox|unanswered|users|messages)\b(?!.*\/(?:conversations|faqs|negatives|outbox|unanswered|users|messages)\b)/)?.[1]
    const walk = (node: unknown, depth: number): void => {
      if (typeof node !== 'object' || node === null || depth > 4) return
      if (Array.isArray(node)) return node.slice(0, 5).forEach(each => walk(each, depth + 1))
      const fields = node as Record<string, unknown>
      if (collection && typeof fields.id === 'string') {
        if (depth <= 2) this.keep(collection, fields.id)
        if (typeof fields.version === 'number') this.versions.set(fields.id, fields.version)
      }
      else if (typeof fields.version === 'number') this.versions.set(path, fields.version)
      for (const [name, value] of Object.entries(fields)) {
        if (/_id$|^next_cursor$|^revision$/.test(name) && value !== null) this.keep(poolOf(name), value)
        else walk(value, depth + 1)
      }
    }
    walk(body, 0)
  }

  /** Puts real ids where a plan has stand-ins. `about`: the id in the path, or the path, whose version is meant. */
  fill(value: unknown, about: string): unknown {
    if (value instanceof IdOf) return this.take(value, about)
    if (Array.isArray(value)) return value.map(each => this.fill(each, about))
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.fill(each, about)]))
    return value
  }

  private take({ pool, pick }: IdOf, about: string): unknown {
    if (pool === 'version') return pick % 4 ? this.versions.get(about) ?? 1 : pick % 50
    const known = pool === '*' ? [...this.found.values()].flat() : this.found.get(poolOf(pool)) ?? []
    return known.length ? known[pick % known.length] : poolOf(pool) === 'client' || pool === '*' ? randomUUID() : `00000000-0000-7000-8000-${String(pick).padStart(12, '0')}`
  }
}
