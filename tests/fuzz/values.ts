import fc from 'fast-check'
import { trapAddresses, trapNumbers, trapTexts } from './traps'

type JsonSchema = Record<string, unknown>

/** Stands for an id that is not known before the request goes out; `pool` names where the runner takes it from. */
export class IdOf {
  constructor(readonly pool: string, readonly pick: number) {}
}

const words = fc.constantFrom('What time is check-in?', 'Πόσο κοστίζει;', 'Do you have vegan menus?', 'I need a person', 'hello', 'parking', 'Is there a zorblat?', 'price of rooms', 'Thank you!', 'budget for 80 guests', 'Ti ora anoigete')
const anyText = fc.oneof({ weight: 3, arbitrary: words }, { weight: 2, arbitrary: fc.constantFrom(...trapTexts) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) })
const anyNumber = fc.oneof(fc.constantFrom(...trapNumbers), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())
const anyId = (pool: string) => fc.oneof(
  { weight: 6, arbitrary: fc.nat(10_000).map(pick => new IdOf(pool, pick)) },
  { weight: 1, arbitrary: fc.nat(10_000).map(pick => new IdOf('*', pick)) },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.constantFrom('00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'not-an-id', '1', '019ab1c2d3e47abc8def0123456789ab') },
)
/** Anything that JSON can say. */
export const anything = fc.oneof(fc.constantFrom<unknown>(null, true, false, {}, [], [[]], [null], { a: { b: { c: [] } } }, [{}, {}]), anyText, anyNumber, fc.array(anyText, { maxLength: 5 }), fc.dictionary(fc.constantFrom('id', 'text', '__proto__', 'length', 'toString', 'version', ''), anyText, { maxKeys: 4 }))

function textOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid') return anyId(name)
  if (schema.format === 'uri' || /url/.test(name)) return fc.constantFrom(...trapAddresses, '')
  if (schema.format === 'email' || name === 'email') return fc.oneof(fc.nat(1e9).map(n => `fuzz-${n}@example.com`), fc.constantFrom('a@b', 'a b@example.com', `${'x'.repeat(250)}@example.com`, 'ü@example.com', '"a"@example.com'))
  if (schema.format === 'date' || schema.format === 'date-time') return fc.constantFrom('2026-11-22', '2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00+02:00', '2027-06-19', '0001-01-01', '9999-12-31', '2026-13-01', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999+14:00')
  if (/password/.test(name)) return fc.constantFrom('a-long-password-of-words', 'short', 'x'.repeat(200), 'x'.repeat(201), '\ud800\ud800\ud800\ud800\ud800\ud800')
  if (name === 'cursor') return fc.oneof(fc.nat(10_000).map(pick => new IdOf('next_cursor', pick)), anyText, fc.constantFrom('eyJ9', 'bnVsbA', 'W10', 'eyJpZCI6MX0', 'WzEsMl0', 'WyIyMDI2LTExLTIyVDEwOjAwOjAwLjAwMFoiLCJ4Il0'))
  const max = typeof schema.maxLength === 'number' ? schema.maxLength : 200
  const edges = max <= 5_000 ? ['x'.repeat(max), 'x'.repeat(max + 1), '😀'.repeat(max), 'ώ'.repeat(max)] : []
  return fc.oneof({ weight: 8, arbitrary: anyText }, ...(edges.length ? [{ weight: 1, arbitrary: fc.constantFrom(...edges) }] : []))
}

function numberOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const low = typeof schema.minimum === 'number' ? schema.minimum : -5
  const high = typeof schema.maximum === 'number' ? schema.maximum : 1_000
  return fc.oneof(
    ...(name === 'version' || name === 'revision' ? [{ weight: 6, arbitrary: fc.nat(10_000).map(pick => new IdOf(name, pick)) }] : []),
    { weight: 5, arbitrary: fc.integer({ min: low, max: high }) },
    { weight: 2, arbitrary: fc.constantFrom(low, high, low - 1, high + 1) },
    { weight: 1, arbitrary: fc.constantFrom(...trapNumbers) },
  )
}

/** Values that fit the schema or come close: at its bounds, of the right type with the wrong words. `name`: the field's. */
export function valueOf(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined
  if (choices) return fc.oneof(...choices.map(choice => valueOf(choice, name)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum as unknown[])
  switch (schema.type) {
    case 'string': return textOf(schema, name)
    case 'integer': case 'number': return numberOf(schema, name)
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'array': return fc.oneof({ weight: 9, arbitrary: fc.array(valueOf((schema.items ?? {}) as JsonSchema, name), { maxLength: 3 }) }, { weight: 1, arbitrary: fc.array(valueOf((schema.items ?? {}) as JsonSchema, name), { minLength: 60, maxLength: 110 }) })
    case 'object': {
      const properties = (schema.properties ?? {}) as Record<string, JsonSchema>
      return fc.record(Object.fromEntries(Object.entries(properties).map(([field, inner]) => [field, valueOf(inner, field)])), { requiredKeys: (schema.required ?? []) as string[] })
    }
    default: return anything
  }
}

/** The same with one thing wrong: a field gone, of another type, or one too many. */
export function brokenValueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.keys((schema.properties ?? {}) as object)
  return fc.tuple(valueOf(schema), fc.constantFrom('drop', 'replace', 'add', 'wrap'), fc.constantFrom(...fields, 'extra', '__proto__'), anything).map(([value, how, field, other]) => {
    if (how === 'wrap' || typeof value !== 'object' || value === null) return [value, other]
    const { [field]: _, ...rest } = value as Record<string, unknown>
    return how === 'drop' ? rest : { ...value, [field]: other }
  })
}
