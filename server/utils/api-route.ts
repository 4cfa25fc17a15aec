import { defineEventHandler, getQuery, getRouterParams, setResponseHeader, setResponseStatus, type EventHandler, type H3Event } from 'h3'
import type { z } from 'zod'
import { AppError } from '#server/core/app-error'
import { platformWaitUntil } from '#server/core/platform'
import { runInRequest } from '#server/core/request-context'
import { withinSpan } from '#server/core/trace'
import { startApplication } from '#server/services/application'
import type { SessionUser } from '#shared/contracts/auth'
import type { ErrorCode } from '#shared/contracts/errors'
import { hasBody, readJsonBody } from './read-json-body'
import { refuseCrossSite } from './refuse-cross-site'
import { requestIdOf } from './request-id'
import { requireAdmin, requireCustomer } from './require-user'
import { sendApiError } from './send-error'

export const apiMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type ApiMethodName = typeof apiMethods[number]

/** `public`: anybody; `customer`: anybody signed in; `admin`: the role admin. */
export type Access = 'public' | 'customer' | 'admin'

/** What comes back with a status: JSON of a schema, nothing (null), or a file by its content types. */
export type Answer = z.ZodType | null | Record<string, z.ZodType | null>

/** What the API's document (GET /api/openapi.json) says of a method, beside its schemas. */
export interface ApiDescription {
  /** What it does, in a few words. */
  summary?: string
  /** By status. tests/integration hold every answer against it. */
  answers?: Record<number, Answer>
  /** Failures beyond those that follow from access, body, query and params. */
  errors?: ErrorCode[]
  /** The content types that `readBody` takes. */
  uploads?: string[]
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

export interface ApiContext<A extends Access, Body, Query, Params> {
  event: H3Event
  /** null on public routes: they look for themselves where they need to know. */
  user: A extends 'public' ? null : SessionUser
  body: Parsed<Body>
  query: Parsed<Query>
  params: Parsed<Params>
}

export interface ApiMethod<A extends Access, Body, Query, Params> extends ApiDescription {
  access: A
  /** Answers before the database is open; for what must not wait for it. */
  withoutStart?: boolean
  body?: Body
  query?: Query
  params?: Params
  /** Reads the body where it is no JSON of up to 64 KiB (an upload); what it gives is then checked by `body`. */
  readBody?: (event: H3Event) => Promise<unknown>
  /** What it gives is sent as JSON; undefined is 204. Anything it throws becomes the contract's error. */
  handle: (context: ApiContext<A, Body, Query, Params>) => unknown
}

/** A file of server/api. What stands there beside the routes, such as the catch-all, has no `methods`. */
export interface ApiRouteFile { route: string, load: () => Promise<{ default: EventHandler & { methods?: ApiMethods } }> }

/** Ties the schemas of one method to what its handler gets. */
export function apiMethod<A extends Access, Body extends z.ZodType | undefined = undefined, Query extends z.ZodType | undefined = undefined, Params extends z.ZodType | undefined = undefined>(
  method: ApiMethod<A, Body, Query, Params>,
): ApiMethod<A, Body, Query, Params> {
  return method
}

/** Any method, whatever its schemas: each was checked where apiMethod() made it. */
export interface AnyApiMethod extends ApiDescription {
  access: Access
  withoutStart?: boolean
  body?: z.ZodType
  query?: z.ZodType
  params?: z.ZodType
  readBody?: (event: H3Event) => Promise<unknown>
  handle: (context: never) => unknown
}

export type ApiMethods = Partial<Record<ApiMethodName, AnyApiMethod>>
export type ApiRoute = EventHandler & { methods: ApiMethods }

/**
 * A route: one file a URL, one entry a method. Refuses what no method takes (405), other sites' writes, strangers and
 * bad input before the handler runs, in this order, so that nobody learns from an error what they may not know.
 */
export function defineApiRoute(methods: ApiMethods): ApiRoute {
  const handler = defineEventHandler((event) => {
    // Nitro's own waits on none of the hosts we build for; it is missing where a test serves the handler without it.
    const waitUntil = platformWaitUntil() ?? ((work: Promise<unknown>) => (event as { waitUntil?: (work: Promise<unknown>) => void }).waitUntil?.(work))
    return withinSpan(event.context.span ?? null, () => runInRequest({ requestId: requestIdOf(event), waitUntil }, async () => {
      try {
        return await serve(event, methods)
      }
      catch (error) {
        return sendApiError(event, error)
      }
    }))
  })
  return Object.assign(handler, { methods })
}

async function serve(event: H3Event, methods: ApiMethods): Promise<unknown> {
  const method = findMethod(event, methods)
  if (!method.withoutStart) await startApplication()
  if (event.method !== 'GET' && event.method !== 'HEAD') refuseCrossSite(event)
  setResponseHeader(event, 'cache-control', 'no-store')
  const user = method.access === 'public' ? null : method.access === 'admin' ? await requireAdmin(event) : await requireCustomer(event)
  const params = parse(method.params, () => decodedParams(event), 'NOT_FOUND')
  const query = parse(method.query, () => getQuery(event), 'VALIDATION_ERROR')
  const given = method.readBody ? await method.readBody(event) : method.body || hasBody(event) ? await readJsonBody(event) : undefined
  const body = parse(method.body, () => given, 'VALIDATION_ERROR')
  const handle = method.handle as (context: object) => unknown
  const result = await handle({ event, user, body, query, params })
  if (result === undefined && !event.handled) setResponseStatus(event, event.node.res.statusCode === 200 ? 204 : event.node.res.statusCode)
  return result === undefined && !event.handled ? null : result
}

function findMethod(event: H3Event, methods: ApiMethods) {
  const method = methods[(event.method === 'HEAD' ? 'GET' : event.method) as ApiMethodName]
  if (method) return method
  const allowed = Object.keys(methods).flatMap(name => name === 'GET' ? ['GET', 'HEAD'] : [name])
  setResponseHeader(event, 'allow', allowed.join(', '))
  throw new AppError('METHOD_NOT_ALLOWED', `${event.method} is not possible here: use ${allowed.join(' or ')}.`)
}

/** Something that is not an id cannot be the id of a thing, so a bad path parameter is NOT_FOUND. */
function parse(schema: z.ZodType | undefined, read: () => unknown, code: 'VALIDATION_ERROR' | 'NOT_FOUND'): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(read())
  if (result.success) return result.data
  if (code === 'NOT_FOUND') throw new AppError('NOT_FOUND', 'There is nothing at this address: check the id in it.')
  const details = result.error.issues.slice(0, 20).map(issue => ({ path: issue.path.join('.'), message: issue.message }))
  throw new AppError('VALIDATION_ERROR', details[0]?.message ?? 'Check the request.', { details })
}

function decodedParams(event: H3Event): Record<string, string> {
  try {
    return getRouterParams(event, { decode: true })
  }
  catch {
    return {}
  }
}
