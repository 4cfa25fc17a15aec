import fc from 'fast-check'
import type { OpenApiDocument, Operation } from '#server/utils/openapi/document'
import { contentTypes, oddHeaders, rawBodies } from './traps'
import { anything, brokenValueOf, valueOf } from './values'

export const actors = ['signed out', 'customer', 'other customer', 'admin'] as const
export type Actor = typeof actors[number]

/** One request before its ids are known. */
export interface Plan {
  operation: string
  method: string
  path: string
  /** Values of the path's parameters, in its order. */
  params: unknown[]
  query: [string, unknown][]
  /** JSON to be made, bytes to be sent as they are, or none. */
  body: { json: unknown } | { raw: string | Uint8Array } | null
  headers: Record<string, string>
  actor: Actor
}

/** What costs much more than the rest for a reason (password hashing), or fills the FAQs faster than they go, is asked less. */
const rare = /\/auth\/(?:login|register|password)|faqs\/import|POST \/api\/admin\/faqs$|openapi\.json|transcript|\/config\/test/

/** Requests to one method of one route: right ones, nearly right ones and nonsense. */
function requestsTo(path: string, method: string, operation: Operation): fc.Arbitrary<Plan> {
  const upper = method.toUpperCase()
  const named = (where: 'path' | 'query') => operation.parameters.filter(parameter => parameter.in === where)
  const json = operation.requestBody?.content['application/json']?.schema
  const upload = operation.requestBody?.content['text/csv']
  const bodies: fc.Arbitrary<Plan['body']>[] = [fc.constant(null)]
  if (json) bodies.push(...Array.from({ length: 6 }, () => valueOf(upload ? uploadSchema : json).map(value => ({ json: value }))), ...Array.from({ length: 2 }, () => brokenValueOf(json).map(value => ({ json: value }))))
  if (upper !== 'GET') bodies.push(fc.constantFrom(...rawBodies).map(raw => ({ raw })), anything.map(value => ({ json: value })))
  const one = path.match(/\/(\w+)\/\{/)?.[1] ?? ''
  return fc.record({
    operation: fc.constant(`${upper} ${path}`),
    method: fc.oneof({ weight: 30, arbitrary: fc.constant(upper) }, { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'DELETE', 'PUT', 'PATCH', 'POST', 'GET', 'PROPFIND') }),
    path: fc.oneof({ weight: 30, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: fc.constantFrom(`${path}/`, `${path}/x`, `${path}%00`, `${path}%2f`, `${path}//`, `${path};a=b`, `${path}.json`) }),
    params: fc.tuple(...named('path').map(({ schema }) => fc.oneof({ weight: 8, arbitrary: valueOf({ ...schema, ...(schema.format ? {} : {}) }, one) }, { weight: 1, arbitrary: anything }))) as fc.Arbitrary<unknown[]>,
    query: queryOf(named('query')),
    body: upper === 'GET' ? fc.constant(null) : fc.oneof(...bodies),
    headers: fc.tuple(fc.constantFrom(...oddHeaders), fc.oneof({ weight: 8, arbitrary: fc.constant('application/json') }, { weight: upload ? 8 : 1, arbitrary: fc.constantFrom(...(upload ? ['text/csv'] : contentTypes)) }))
      .map(([odd, type]) => ({ ...odd, ...(type ? { 'content-type': type } : {}) })),
    actor: fc.constantFrom(...actors, ...(path.startsWith('/api/admin') ? ['admin', 'admin', 'admin', 'admin'] as const : ['customer', 'customer', 'other customer'] as const)),
  })
}

const uploadSchema = { type: 'array', items: { type: 'object', required: ['question', 'answer'], properties: { question: { type: 'string', maxLength: 300 }, answer: { type: 'string', maxLength: 4_000 }, phrasings: { type: 'array', items: { type: 'string' } }, order: { type: 'integer' }, is_active: { type: 'boolean' }, other: {} } } }

function queryOf(parameters: Operation['parameters']): fc.Arbitrary<[string, unknown][]> {
  const known = fc.tuple(...parameters.map(({ name, schema }) => fc.option(fc.tuple(fc.constant(name), fc.oneof({ weight: 6, arbitrary: valueOf(schema, name) }, { weight: 1, arbitrary: anything })), { nil: null, freq: 2 })))
    .map(pairs => pairs.filter(pair => pair !== null) as [string, unknown][])
  const odd = fc.tuple(fc.constantFrom('limit', 'limit[]', '__proto__', 'constructor', 'q', 'after', '', 'x[y][z]', 'format'), anything) as fc.Arbitrary<[string, unknown]>
  return fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: fc.tuple(known, odd).map(([pairs, one]) => [...pairs, one]) })
}

/** Requests to the whole API. */
export function plans(document: OpenApiDocument): fc.Arbitrary<Plan> {
  return fc.oneof(...Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
    weight: rare.test(`${method.toUpperCase()} ${path}`) ? 1 : 8,
    arbitrary: requestsTo(path, method, operation!),
  }))))
}
