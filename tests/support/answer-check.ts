import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { OpenApiDocument } from '#server/utils/openapi/document'

export interface SeenAnswer { method: string, path: string, status: number, type: string | null, body: unknown }

/** undefined: just as the document says; else what is off. Paths that are none must answer as the contract's 404. */
export type AnswerCheck = (seen: SeenAnswer) => string | undefined

/**
 * Holds answers against the API's document, and stricter than it: a field that it does not name is off too, since a
 * document that lacks a field of today is out of date.
 */
export function answerCheck(document: OpenApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  formats.default(ajv)
  const components = closed(document.components) as object
  const compiled = new Map<object, ValidateFunction>()
  const validatorFor = (schema: object) => {
    let validate = compiled.get(schema)
    if (!validate) compiled.set(schema, validate = ajv.compile({ ...closed(schema) as object, components }))
    return validate
  }
  const paths = Object.entries(document.paths).map(([path, methods]) => ({ path, methods, dynamic: path.includes('{'), pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`) }))
    .sort((a, b) => Number(a.dynamic) - Number(b.dynamic))
  const error = { $ref: '#/components/schemas/Error' }
  const explain = (validate: ValidateFunction, body: unknown) => validate(body) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' })

  return ({ method, path, status, type, body }) => {
    const found = paths.find(each => each.pattern.test(path.split('?')[0]!))
    const operation = found?.methods[method === 'HEAD' ? 'get' : method.toLowerCase()]
    if (method === 'HEAD' && body === '') return undefined
    // The framework decodes before it looks for a route, so an encoded slash or question mark ends a segment.
    if (status >= 400 && status < 500 && /%2f|%3f|%23|\/\//i.test(path.split('?')[0]!)) return explain(validatorFor(error), body)
    if (!operation) {
      const expected = found ? 405 : 404
      // What cannot be decoded is refused before anything looks for the path.
      return status === expected || status === 400 ? explain(validatorFor(error), body) : `${status} where ${expected} belongs`
    }
    const named = operation.responses[status] as { $ref?: string } | undefined
    if (!named) return `the document has no ${status} for ${method} ${found!.path}`
    const response = (named.$ref ? document.components.responses[named.$ref.split('/').pop()!] : named) as { content?: Record<string, { schema: object }> }
    if (!response.content) return body === '' || body === undefined || body === null ? undefined : 'a body where there is none'
    const content = response.content[(type ?? '').split(';')[0]!.trim()]
    if (!content) return `the content type ${type} is not in the document`
    return explain(validatorFor(content.schema), body)
  }
}

/** The same schema without room for fields that are not named. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]))
  return inner.type === 'object' && inner.properties && inner.additionalProperties === undefined ? { ...inner, additionalProperties: false } : inner
}
