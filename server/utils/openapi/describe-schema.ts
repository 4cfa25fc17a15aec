import type { JsonSchema } from './json-schema'

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`)

const link = (name: string) => `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`

/** `string, 1 to 2000`, `integer, from 0`: what a value may be, in the words of a reader. */
function bounds(schema: JsonSchema): string {
  const [low, high] = [schema.minLength ?? schema.minimum ?? schema.minItems, schema.maxLength ?? schema.maximum ?? schema.maxItems]
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}`
  return high !== undefined ? `, up to ${high}` : low !== undefined && low !== 0 ? `, from ${low}` : ''
}

/** A schema as HTML that reads like the JSON it stands for; names of other schemas are links. */
export function describeSchema(schema: JsonSchema, indent = ''): string {
  if (typeof schema.$ref === 'string') return link(schema.$ref.split('/').pop()!)
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined
  if (choices) return choices.map(choice => describeSchema(choice, indent)).join(' | ')
  if (schema.const !== undefined) return escapeHtml(JSON.stringify(schema.const))
  if (Array.isArray(schema.enum)) return escapeHtml(schema.enum.map(value => JSON.stringify(value)).join(' | '))
  if (schema.type === 'array') return `[ ${describeSchema((schema.items ?? {}) as JsonSchema, indent)} ]${escapeHtml(bounds(schema))}`
  if (schema.type === 'object' && schema.properties) {
    const required = new Set((schema.required ?? []) as string[])
    const fields = Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, inner]) => `${indent}  ${escapeHtml(name)}${required.has(name) ? '' : '?'}: ${describeSchema(inner, `${indent}  `)}`)
    return fields.length ? `{\n${fields.join('\n')}\n${indent}}` : '{ … }'
  }
  const name = String(schema.type ?? 'anything')
  const kind = schema.format ? `${name} (${schema.format})` : name
  const fallback = schema.default === undefined ? '' : `, else ${JSON.stringify(schema.default)}`
  return escapeHtml(`${kind}${bounds(schema)}${fallback}`)
}
