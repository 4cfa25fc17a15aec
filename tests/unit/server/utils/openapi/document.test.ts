import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ApiRoute } from '#server/utils/api-route'
import { describeApi, type OpenApiDocument, type Operation } from '#server/utils/openapi/document'
import { apiRoutes, version } from '../../../../support/api-routes'

const declared = await Promise.all(apiRoutes.map(async ({ route, file, load }) => ({ route, file, methods: ((await load()).default as Partial<ApiRoute>).methods })))
const methods = declared.flatMap(({ route, file, methods = {} }) => Object.entries(methods).map(([name, method]) => ({ route, file, name, method, title: `${name} ${route}` })))

let document: OpenApiDocument
beforeAll(async () => {
  document = await describeApi(apiRoutes, version)
})
const operationOf = (route: string, name: string) => document.paths[route.replace(/:(\w+)/g, '{$1}')]?.[name.toLowerCase()] as Operation

describe('the API’s document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(document) as never)).toEqual({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  it('has nothing but declared routes, and every file of server/api declares its methods', () => {
    expect(declared.filter(each => !each.methods).map(each => each.file), 'use defineApiRoute() in these files').toEqual(['/server/api/[...].ts'])
    expect(Object.values(document.paths).flatMap(path => Object.keys(path!))).toHaveLength(methods.length)
  })

  it.each(methods)('$title: says what it does, what it takes and what it gives', ({ route, name, method, file }) => {
    const operation = operationOf(route, name)
    expect(operation.summary, `add \`summary\` to ${name} in ${file}`).toMatch(/^[A-Z].{5,}[^.]$/)
    const successes = Object.keys(method.answers ?? {}).map(Number)
    expect(successes.some(status => status < 400), `add \`answers\` (schemas from shared/contracts/answers) to ${name} in ${file}`).toBe(true)
    for (const status of successes) expect(operation.responses).toHaveProperty(String(status))
    if (method.body) expect(Object.values(operation.requestBody!.content)[0]!.schema).toBeDefined()
    expect(operation.parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name)).toEqual([...route.matchAll(/:(\w+)/g)].map(([, name]) => name))
    if (method.query) expect(operation.parameters.some(({ in: where }) => where === 'query')).toBe(true)
    expect(operation.security.length).toBe(method.access !== 'public' || /cron|metrics/.test(route) ? 1 : 0)
  })

  it('has schemas that a validator can read, every reference leading somewhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    for (const [name] of Object.entries(document.components.schemas)) ajv.compile({ $ref: `#/components/schemas/${name}`, components: document.components })
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      expect(reference!.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document), reference).toBeDefined()
    }
    expect(JSON.stringify(document)).not.toContain('$defs')
  })

  it('gives each operation an id of its own', () => {
    const ids = Object.values(document.paths).flatMap(path => Object.values(path!).map(operation => operation!.operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('tells bounds as the code counts them', () => {
    const schema = operationOf('/api/chatbot/messages', 'POST').requestBody!.content['application/json']!.schema as { properties: Record<string, object>, required: string[] }
    expect(schema.properties.message_text).toMatchObject({ type: 'string', minLength: 1, maxLength: 2000 })
    expect(operationOf('/api/chatbot/conversations', 'GET').parameters.find(({ name }) => name === 'limit')!.schema).toMatchObject({ minimum: 1, maximum: 100, default: 10 })
  })
})
