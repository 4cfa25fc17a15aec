import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/** Takes every named part (`.meta({ id })`) out of a schema and has it referred to where OpenAPI looks for it. */
function hoist(schema: JsonSchema, components: Record<string, JsonSchema>): JsonSchema {
  const { $schema: _, $defs = {}, id, ...rest } = schema as { $schema?: string, $defs?: Record<string, JsonSchema>, id?: string }
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '#/components/schemas/') : moved(inner)]))
  }
  for (const [name, definition] of Object.entries($defs)) {
    const { id: _name, ...body } = definition
    components[name] = moved(body) as JsonSchema
  }
  if (id === undefined) return moved(rest) as JsonSchema
  components[id] = moved(rest) as JsonSchema
  return { $ref: `#/components/schemas/${id}` }
}

/** Bounds that only say how far a double counts whole numbers tell a reader nothing. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

/** What a caller sends: before defaults and transformations. */
export function requestSchema(schema: z.ZodType, components: Record<string, JsonSchema>): JsonSchema {
  return hoist(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: tidy }) as JsonSchema, components)
}

/** What comes back. Open: a client must expect new fields. */
export function answerSchema(schema: z.ZodType, components: Record<string, JsonSchema>): JsonSchema {
  // Nothing here has defaults or is transformed, and only for input zod leaves objects open.
  return requestSchema(schema, components)
}
