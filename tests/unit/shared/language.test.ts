import { expect, it } from 'vitest'
import { preferredLanguage } from '#shared/language'

it.each([
  ['el', 'el'], ['el-GR,el;q=0.9,en;q=0.8', 'el'], ['en-GB,en;q=0.9,el;q=0.8', 'en'], ['de-DE,de;q=0.9,el;q=0.5,en;q=0.4', 'el'], ['en;q=0.1, el;q=0.2', 'el'], ['EL-cy', 'el'],
  ['', 'en'], [undefined, 'en'], [null, 'en'], ['*', 'en'], ['de', 'en'], ['el;q=0', 'en'], ['elx', 'en'], [';;;q=,,', 'en'], ['el;q=nonsense', 'el'], ['x'.repeat(100_000), 'en'],
] as const)('reads %j as %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language)
})
