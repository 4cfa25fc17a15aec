import { describe, expect, it } from 'vitest'
import { findPostgres } from '../../../../scripts/lib/find-postgres.mjs'

describe('finding a PostgreSQL to test on', () => {
  it('asks only the one in TEST_DATABASE_URL when it is set', async () => {
    const asked: string[] = []
    const connects = async (url: string) => {
      asked.push(url)
      return false
    }
    expect(await findPostgres({ env: { TEST_DATABASE_URL: 'postgres://ci@db/ci' }, connects })).toBe(null)
    expect(asked).toEqual(['postgres://ci@db/ci'])
  })

  it('else takes this machine\'s, with the usual password when it wants one', async () => {
    expect(await findPostgres({ env: {}, connects: async () => true })).toBe('postgres://postgres@127.0.0.1:5432/postgres')
    expect(await findPostgres({ env: {}, connects: async (url: string) => url.includes('postgres:postgres@') })).toBe('postgres://postgres:postgres@127.0.0.1:5432/postgres')
    expect(await findPostgres({ env: {}, connects: async () => false })).toBe(null)
  })
})
