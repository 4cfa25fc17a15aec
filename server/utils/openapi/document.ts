import { errorStatus, type ErrorCode } from '#shared/contracts/errors'
import { errorAnswer } from '#shared/contracts/answers/errors'
import { apiMethods, type Answer, type AnyApiMethod, type ApiMethodName, type ApiMethods, type ApiRouteFile } from '#server/utils/api-route'
import { answerSchema, requestSchema, type JsonSchema } from './json-schema'

export interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: { name: string, in: 'path' | 'query', required: boolean, schema: JsonSchema }[]
  requestBody?: { required: true, content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, JsonSchema>
}

export interface OpenApiDocument {
  openapi: string
  info: Record<string, unknown>
  servers: { url: string }[]
  tags: { name: string, description: string }[]
  paths: Record<string, Partial<Record<string, Operation>>>
  components: { schemas: Record<string, JsonSchema>, responses: Record<string, JsonSchema>, securitySchemes: Record<string, JsonSchema> }
}

const tags = {
  chatbot: 'The chat, for a signed-in customer.',
  account: 'What a customer keeps with us.',
  auth: 'Accounts and sessions.',
  admin: 'The back office; needs the role admin.',
  operations: 'For those who run the server.',
}

const what: Record<ErrorCode, string> = {
  VALIDATION_ERROR: 'Malformed JSON, or a field that is missing or wrong.',
  NOT_AUTHENTICATED: 'No session, or one that is over.',
  NOT_AUTHORIZED: 'The role does not allow it, or another site sent the write.',
  NOT_FOUND: 'No such thing, or it is somebody else’s.',
  METHOD_NOT_ALLOWED: 'Not with this method; see Allow.',
  CONFLICT: 'It exists already, or has changed since it was read (`current` is its state now).',
  PAYLOAD_TOO_LARGE: 'The body is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is of another content type.',
  RATE_LIMITED: 'Too often; Retry-After says when to go on.',
  INTERNAL_ERROR: 'Our mistake; the log has it under the request id.',
  UNAVAILABLE: 'The database cannot be reached for a moment; Retry-After says when to try again.',
}

/**
 * The API's description, made of the routes themselves. Files without declared methods (the catch-all) are left out.
 */
export async function describeApi(routes: ApiRouteFile[], version: string): Promise<OpenApiDocument> {
  const schemas: Record<string, JsonSchema> = {}
  const paths: OpenApiDocument['paths'] = {}
  for (const { route, load } of routes) {
    const { methods } = (await load()).default
    if (methods) paths[route.replace(/:(\w+)/g, '{$1}')] = operations(route, methods, schemas)
  }
  answerSchema(errorAnswer, schemas)
  return {
    openapi: '3.1.0',
    info: {
      title: 'VasiliasBot',
      version,
      description: 'A write needs the session cookie and is refused when another site sent it. Every path answers the same with and without a trailing slash. New fields may come: ignore those you do not know.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses: Object.fromEntries(Object.entries(what).map(([code, description]) => [code, errorResponse(code as ErrorCode, description)])),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'vb_session', description: 'Set by POST /api/auth/login; over https its name is __Host-vb_session.' },
        token: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET or METRICS_TOKEN.' },
      },
    },
  }
}

function errorResponse(code: ErrorCode, description: string): JsonSchema {
  const headers: JsonSchema = { 'X-Request-Id': { schema: { type: 'string' } } }
  if (code === 'RATE_LIMITED' || code === 'UNAVAILABLE') headers['Retry-After'] = { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } }
  return { description, headers, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
}

function operations(route: string, methods: ApiMethods, schemas: Record<string, JsonSchema>) {
  const found: Partial<Record<string, Operation>> = {}
  for (const name of apiMethods) {
    const method = methods[name]
    if (method) found[name.toLowerCase()] = operation(route, name, method, schemas)
  }
  return found
}

function operation(route: string, name: ApiMethodName, method: AnyApiMethod, schemas: Record<string, JsonSchema>): Operation {
  const first = route.split('/')[2]!
  const token = first === 'cron' || first === 'metrics'
  const answers = Object.entries(method.answers ?? {}).map(([status, answer]) => [status, { description: status === '304' ? 'Nothing has changed.' : method.summary ?? '', ...contentOf(answer, schemas) }])
  const errors = errorsOf(name, method).map(code => [String(errorStatus[code]), { $ref: `#/components/responses/${code}` }])
  return {
    operationId: `${name.toLowerCase()}${route.slice('/api'.length).replace(/[/:-]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: method.summary ?? '',
    tags: [first in tags ? first : 'operations'],
    security: token ? [{ token: [] }] : method.access === 'public' ? [] : [{ session: [] }],
    parameters: [...parametersOf('path', method.params, schemas), ...parametersOf('query', method.query, schemas)],
    ...(bodyOf(method, schemas)),
    responses: Object.fromEntries([...answers, ...errors]) as Record<string, JsonSchema>,
  }
}

/** Refusals that follow from what the route declares, and those it names itself. */
function errorsOf(name: ApiMethodName, method: AnyApiMethod): ErrorCode[] {
  return [...new Set<ErrorCode>([
    'VALIDATION_ERROR',
    ...(method.access === 'public' ? [] : ['NOT_AUTHENTICATED'] as const),
    ...(method.access === 'admin' || name !== 'GET' ? ['NOT_AUTHORIZED'] as const : []),
    ...(method.params ? ['NOT_FOUND'] as const : []),
    ...(name === 'GET' ? [] : ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const),
    ...(method.errors ?? []),
    'INTERNAL_ERROR',
    'UNAVAILABLE',
  ])].sort((a, b) => errorStatus[a] - errorStatus[b])
}

function contentOf(answer: Answer, schemas: Record<string, JsonSchema>): JsonSchema {
  if (answer === null) return {}
  const types = '_zod' in answer ? { 'application/json': answer } : answer as Exclude<Answer, null | { _zod: unknown }>
  return { content: Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema: schema ? answerSchema(schema as never, schemas) : { type: 'string' } }])) }
}

function parametersOf(where: 'path' | 'query', schema: AnyApiMethod['query'], schemas: Record<string, JsonSchema>): Operation['parameters'] {
  if (!schema) return []
  const { properties = {}, required = [] } = requestSchema(schema, schemas) as { properties?: Record<string, JsonSchema>, required?: string[] }
  return Object.entries(properties).map(([name, inner]) => ({ name, in: where, required: where === 'path' || required.includes(name), schema: inner }))
}

function bodyOf(method: AnyApiMethod, schemas: Record<string, JsonSchema>): Pick<Operation, 'requestBody'> {
  if (method.uploads) return { requestBody: { required: true, content: Object.fromEntries(method.uploads.map(type => [type, { schema: type === 'application/json' ? {} : { type: 'string' } }])) } }
  return method.body ? { requestBody: { required: true, content: { 'application/json': { schema: requestSchema(method.body, schemas) } } } } : {}
}
