import fc from 'fast-check'
import { Pool } from 'undici'
import type { OpenApiDocument } from '#server/utils/openapi/document'
import { answerCheck } from '../support/answer-check'
import { createTestClient } from '../support/api-client'
import { actors, plans, type Actor, type Plan } from './plan'
import { Pools } from './pools'

export interface FuzzOptions {
  origin: string
  requests: number
  /** The same seed makes the same requests, save for ids, which are the server's. */
  seed: number
  admin: { email: string, password: string }
  atOnce?: number
  progress?: (done: number) => void
}

export interface FuzzFailure { number: number, operation: string, reason: string, request: string, answer: string, times: number }
export interface FuzzReport { requests: number, seed: number, seconds: number, byStatus: Record<string, number>, operations: number, reached: number, failures: FuzzFailure[] }

const PASSWORD = 'olive-harbour-lemon-linen'
const BATCH = 500

/** Sends requests made from the API's own document and holds every answer against it. Nothing may answer 5xx. */
export async function fuzz({ origin, requests, seed, admin, atOnce = 4, progress }: FuzzOptions): Promise<FuzzReport> {
  const document = await (await fetch(`${origin}/api/openapi.json`)).json() as OpenApiDocument
  const check = answerCheck(document)
  const people = await signInAll(origin, admin)
  const pools = new Pools(people.ids)
  const agent = new Pool(origin, { connections: atOnce, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const arbitrary = plans(document)
  const failures = new Map<string, FuzzFailure>()
  const byStatus: Record<string, number> = {}
  const succeeded = new Set<string>()
  const started = performance.now()

  async function one(plan: Plan, number: number) {
    const { path, body, headers } = address(plan, pools)
    const cookie = people.cookie(plan.actor)
    let status = 0, text = '', type: string | null = null
    const fail = (reason: string) => {
      const key = `${plan.operation} ${status} ${reason.replace(/[0-9a-f-]{36}|\d+/g, '#')}`.slice(0, 300)
      const known = failures.get(key)
      if (known) return void known.times++
      failures.set(key, { number, operation: plan.operation, reason: status ? `${status}: ${reason}` : reason, request: `${plan.method} ${path} ${JSON.stringify(headers)} ${plan.actor}\n${shown(body)}`, answer: text.slice(0, 600), times: 1 })
    }
    try {
      const answer = await agent.request({ origin, path, method: plan.method as 'GET', headers: { ...(cookie ? { cookie } : {}), ...headers }, body: body ?? undefined })
      status = answer.statusCode
      type = (answer.headers['content-type'] as string | undefined) ?? null
      text = await answer.body.text()
    }
    catch (error) {
      return fail(`no answer: ${(error as Error).message}`)
    }
    byStatus[status] = (byStatus[status] ?? 0) + 1
    if (status >= 500) return fail('the server could not do it')
    let json: unknown = text
    if (type?.includes('json') && text) {
      try {
        json = JSON.parse(text)
      }
      catch {
        return fail('the answer is no JSON')
      }
    }
    const off = check({ method: plan.method, path, status, type, body: json })
    if (off) fail(off)
    if (status < 300) succeeded.add(plan.operation)
    if (status < 300 || status === 409) pools.harvest(path.split('?')[0]!, json)
    // Some requests end the session they come with, or the account's.
    if (status < 300 && /logout|password|login/.test(path)) await people.renew(plan.actor)
    else if (status === 401 && plan.actor !== 'signed out' && !headers.cookie && !/login|cron|metrics|password/.test(path)) await people.renew(plan.actor)
  }

  for (let done = 0; done < requests; done += BATCH) {
    const batch = fc.sample(arbitrary, { seed: seed + done, numRuns: Math.min(BATCH, requests - done) })
    let next = 0
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (next < batch.length) {
        const index = next++
        await one(batch[index]!, done + index)
      }
    }))
    progress?.(done + batch.length)
  }
  await agent.close()
  return {
    requests, seed, byStatus, failures: [...failures.values()],
    seconds: (performance.now() - started) / 1000,
    operations: Object.values(document.paths).reduce((sum, path) => sum + Object.keys(path!).length, 0),
    reached: succeeded.size,
  }
}

const shown = (body: string | Uint8Array | null) => body === null ? '(no body)' : typeof body === 'string' ? body.slice(0, 600) : `bytes ${Buffer.from(body).toString('hex').slice(0, 200)}`

/** The request that a plan means, with the ids of now. */
function address(plan: Plan, pools: Pools): { path: string, body: string | Uint8Array | null, headers: Record<string, string> } {
  const written = (value: unknown) => typeof value === 'string' ? value : JSON.stringify(value) ?? ''
  const encode = (value: unknown) => encodeURIComponent(written(value).slice(0, 3_000).replace(/\p{Surrogate}/gu, '')) || '%20'
  let about = plan.path
  let at = 0
  const path = plan.path.replace(/\{\w+\}/gi, () => encode(about = written(pools.fill(plan.params[at++], ''))))
  const query = plan.query.map(([name, value]) => `${encodeURIComponent(name)}=${encode(pools.fill(value, about))}`).join('&')
  const body = plan.body === null ? null : 'raw' in plan.body ? plan.body.raw : JSON.stringify(pools.fill(plan.body.json, about))
  const headers = Object.fromEntries(Object.entries(plan.headers).filter(([name]) => body !== null || name !== 'content-type').map(([name, value]) => [name, Buffer.from(value).toString('latin1')]))
  return { path: `${path}${query ? `?${query}` : ''}`.slice(0, 6_000), body, headers }
}

interface People { ids: Set<string>, cookie: (actor: Actor) => string, renew: (actor: Actor) => Promise<void> }

async function signInAll(origin: string, admin: FuzzOptions['admin']): Promise<People> {
  const accounts: Partial<Record<Actor, { email: string, password: string }>> = { admin }
  const cookies = new Map<Actor, string>()
  const ids = new Set<string>()
  const people: People = {
    ids,
    cookie: actor => cookies.get(actor) ?? '',
    async renew(actor) {
      if (actor === 'signed out') return
      const client = createTestClient(origin)
      accounts[actor] ??= await newAccount(origin)
      let answer = await client.post('/api/auth/login', accounts[actor])
      // Their account is gone or was shut: somebody else takes their place.
      if (answer.status !== 200 && actor !== 'admin') answer = await client.post('/api/auth/login', accounts[actor] = await newAccount(origin))
      if (answer.status !== 200) throw new Error(`${actor} cannot sign in any more: ${answer.status} ${answer.text}`)
      ids.add(answer.body.user.id)
      cookies.set(actor, [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    },
  }
  for (const actor of actors) await people.renew(actor)
  for (let spare = 0; spare < 3; spare++) await newAccount(origin)
  return people
}

let made = 0

async function newAccount(origin: string) {
  const account = { email: `fuzz-person-${process.pid}-${Date.now()}-${++made}@example.com`, password: PASSWORD, name: 'Fuzz' }
  const { status, text } = await createTestClient(origin).post('/api/auth/register', account)
  if (status !== 201) throw new Error(`Registering gave ${status} ${text}`)
  return account
}
