import { afterAll, beforeAll, expect, it } from 'vitest'
import { findVectors, insertVectors } from '#server/db/faq-vectors'
import { openTestDatabase, type TestDatabase } from '../../support/test-database'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('gives the encoder’s vectors back bit by bit, and only those it has', async () => {
  const vector = Float32Array.from({ length: 512 }, (_, i) => Math.fround(Math.sin(i) / 3))
  await insertVectors([{ hash: 'a', model: 'm', vector }])
  await insertVectors([{ hash: 'a', model: 'm', vector: new Float32Array(512) }])
  const found = await findVectors(['a', 'b'])
  expect([...found.keys()]).toEqual(['a'])
  expect(found.get('a')).toEqual(vector)
  expect(await findVectors([])).toEqual(new Map())
})
