import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setFunctionsHost } from '#server/core/platform'
import { env, readEnv, setEnv, StartupError, type Env } from '#server/core/env'

const secrets = { AUTH_SECRET: 'a'.repeat(32), ENCRYPTION_KEY: 'e'.repeat(32) }
const postgres = { DATABASE_URL: 'postgres://site:word@db.internal:5432/planner', ...secrets }
const read = (variables: Record<string, string> = {}) => readEnv({ ...postgres, ...variables })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vb-env-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the variables', () => {
  it('have defaults that serve, and an empty one counts as not set', () => {
    const expected = { PORT: 3000, RATE_LIMITS: 'on', TRUST_PROXY: 0, SENTENCE_ENCODER: 'on', DATABASE_POOL: 10, WORKERS: 1, RAG_DENY_PRIVATE: false }
    expect(read()).toMatchObject(expected)
    expect(read().REDIS_URL).toBeUndefined()
    const empty = read(Object.fromEntries([...Object.keys(expected), 'REDIS_URL', 'ADMIN_EMAIL'].map(name => [name, ''])))
    expect(empty).toMatchObject(expected)
    expect(empty.REDIS_URL).toBeUndefined()
  })

  it('are taken in their own types', () => {
    expect(read({ PORT: '0', TRUST_PROXY: '2', DATABASE_POOL: '200', RAG_DENY_PRIVATE: '1' })).toMatchObject({ PORT: 0, TRUST_PROXY: 2, DATABASE_POOL: 200, RAG_DENY_PRIVATE: true })
    expect(read({ RAG_DENY_PRIVATE: '0' }).RAG_DENY_PRIVATE).toBe(false)
  })

  it('take as many workers as asked for, or as there are cores; the embedded database takes one process', () => {
    expect(read({ WORKERS: '4' }).WORKERS).toBe(4)
    expect(read({ WORKERS: 'auto' }).WORKERS).toBe(availableParallelism())
    expect(readEnv({ DATA_DIR: folder, WORKERS: '1' }).WORKERS).toBe(1)
    expect(() => readEnv({ DATA_DIR: folder, WORKERS: '2' })).toThrow('WORKERS needs DATABASE_URL')
  })

  it('listen on this machine alone with the embedded database, and on every address with PostgreSQL', () => {
    expect(readEnv({ DATA_DIR: folder })).toMatchObject({ HOST: '127.0.0.1', embedded: true, DATA_DIR: folder })
    expect(read()).toMatchObject({ HOST: '0.0.0.0', embedded: false })
    expect(read({ HOST: '10.0.0.7' }).HOST).toBe('10.0.0.7')
  })

  it.each([
    [{ OIDC_ISSUER: 'https://id.example' }, 'Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together, or none of them.'],
    [{ OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }, 'OIDC_ISSUER must begin with https://; plain http is for a provider on this machine only.'],
    [{ OIDC_ISSUER: 'id.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }, 'OIDC_ISSUER must look like https://accounts.google.com.'],
    [{ VERIFY_EMAIL: 'on' }, 'VERIFY_EMAIL=on needs SMTP_URL: the links go by e-mail.'],
    [{ VERIFY_EMAIL: 'yes' }, 'VERIFY_EMAIL must be on or off.'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ DATABASE_REPLICA_URL: 'replica' }, 'DATABASE_REPLICA_URL must look like postgres://user:password@host:5432/database.'],
    [{ DATABASE_URL: '', DATABASE_REPLICA_URL: 'postgres://replica/planner' }, 'DATABASE_REPLICA_URL needs DATABASE_URL: only a PostgreSQL has replicas.'],
    [{ WORKERS: 'many' }, 'WORKERS must be auto or a whole number from 1 to 64.'],
    [{ WORKERS: '65' }, 'WORKERS must be auto or a whole number from 1 to 64.'],
    [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '3000.5' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ DATABASE_POOL: '0' }, 'DATABASE_POOL must be a whole number from 1 to 200.'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL must look like postgres://user:password@host:5432/database.'],
    [{ REDIS_URL: 'localhost' }, 'REDIS_URL must look like redis://host:6379.'],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL must look like smtp://user:password@host:587.'],
    [{ PUBLIC_URL: 'planner.example' }, 'PUBLIC_URL must look like https://planner.example.'],
    [{ AUTH_SECRET: 'short' }, 'AUTH_SECRET must have at least 32 characters; make one with: openssl rand -hex 32'],
    [{ ENCRYPTION_KEY_PREVIOUS: 'short' }, 'ENCRYPTION_KEY_PREVIOUS must have at least 32 characters; make one with: openssl rand -hex 32'],
    [{ CRON_SECRET: 'short' }, 'CRON_SECRET must have at least 16 characters; make one with: openssl rand -hex 32'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
    [{ RATE_LIMITS: 'no' }, 'RATE_LIMITS must be on or off.'],
    [{ RAG_DENY_PRIVATE: 'yes' }, 'RAG_DENY_PRIVATE must be 0 or 1.'],
    [{ ADMIN_EMAIL: 'admin', ADMIN_PASSWORD: 'long-enough' }, 'ADMIN_EMAIL must be an e-mail address.'],
    [{ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD must have at least 10 characters.'],
    [{ ADMIN_EMAIL: 'admin@example.com' }, 'Set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither.'],
    [{ EMBEDDINGS_URL: 'embeddings.example', EMBEDDINGS_MODEL: 'm' }, 'EMBEDDINGS_URL must look like https://host/v1/embeddings.'],
    [{ EMBEDDINGS_URL: 'https://embeddings.example/v1/embeddings' }, 'Set EMBEDDINGS_URL and EMBEDDINGS_MODEL together, or neither.'],
    [{ ADMIN_PASSWORD: 'long-enough' }, 'Set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither.'],
  ])('are refused in one sentence: %j', (variables, sentence) => {
    expect(() => read(variables)).toThrow(new StartupError(sentence))
  })

  it('name everything that is wrong at once, and repeat no value', () => {
    expect(() => read({ PORT: 'x', AUTH_SECRET: 'hunter2' })).toThrow(/PORT must.*AUTH_SECRET must/)
    expect(() => read({ PORT: 'x', AUTH_SECRET: 'hunter2' })).not.toThrow(/hunter2/)
  })
})

describe('the secrets', () => {
  it('must be set with PostgreSQL, where several servers have to agree', () => {
    expect(() => readEnv({ ...postgres, ENCRYPTION_KEY: '' })).toThrow('Set ENCRYPTION_KEY: with DATABASE_URL every server needs the same secret. Make one with: openssl rand -hex 32')
    expect(() => readEnv({ DATABASE_URL: postgres.DATABASE_URL })).toThrow('Set AUTH_SECRET and ENCRYPTION_KEY:')
  })

  it('are made once with the embedded database and kept for this user’s eyes only', () => {
    const dataDir = join(folder, 'new', 'folder')
    const first = readEnv({ DATA_DIR: dataDir })
    expect(first.AUTH_SECRET).toMatch(/^[0-9a-f]{64}$/)
    expect(first.ENCRYPTION_KEY).not.toBe(first.AUTH_SECRET)
    expect(readEnv({ DATA_DIR: dataDir })).toEqual(first)
    expect(readdirSync(dataDir)).toEqual(['secrets.json'])
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  })

  it('are not kept when both are given, and what is given goes before what is kept', () => {
    expect(readEnv({ DATA_DIR: folder, ...secrets })).toMatchObject(secrets)
    expect(readdirSync(folder)).toEqual([])
    const kept = readEnv({ DATA_DIR: folder })
    expect(readEnv({ DATA_DIR: folder, AUTH_SECRET: secrets.AUTH_SECRET })).toMatchObject({ AUTH_SECRET: secrets.AUTH_SECRET, ENCRYPTION_KEY: kept.ENCRYPTION_KEY })
  })

  it.each([['half a file', '{"AUTH_SECRET": "hunter2'], ['no JSON', 'hunter2'], ['a short secret', JSON.stringify({ AUTH_SECRET: 'hunter2', ENCRYPTION_KEY: 'y' })], ['one of the two', JSON.stringify({ AUTH_SECRET: secrets.AUTH_SECRET })]])('are not replaced when the file holds %s: the start is refused', (_, content) => {
    writeFileSync(join(folder, 'secrets.json'), content)
    expect(() => readEnv({ DATA_DIR: folder })).toThrow(StartupError)
    expect(() => readEnv({ DATA_DIR: folder })).toThrow(`The file ${join(folder, 'secrets.json')} is damaged: restore it from a backup.`)
    expect(() => readEnv({ DATA_DIR: folder })).not.toThrow(/hunter2/)
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe(content)
  })

  it('need a folder that can be made', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => readEnv({ DATA_DIR: join(folder, 'file', 'data') })).toThrow(/cannot be used for the secrets: ENOTDIR.*Make it writable or set DATA_DIR to another folder\.$/)
  })
})

describe('the environment of the process', () => {
  afterEach(() => setEnv(undefined))

  it('is the one that was set, and the same object at every call', () => {
    const mine: Env = read({ PORT: '4321' })
    setEnv(mine)
    expect(env()).toBe(mine)
    expect(env()).toBe(env())
  })
})

describe('on a host of functions', () => {
  beforeEach(() => setFunctionsHost(true))
  afterEach(() => setFunctionsHost(false))

  it('refuses the embedded database and missing secrets in a sentence', () => {
    expect(() => readEnv({ DATA_DIR: folder })).toThrow('Set DATABASE_URL to a PostgreSQL: this host keeps no files')
    expect(readdirSync(folder)).toEqual([])
    expect(() => readEnv({ DATABASE_URL: postgres.DATABASE_URL })).toThrow('Set AUTH_SECRET and ENCRYPTION_KEY')
  })

  it('takes one connection unless told otherwise, one process, and no encoder', () => {
    expect(read({ WORKERS: '4', SENTENCE_ENCODER: 'on' })).toMatchObject({ DATABASE_POOL: 1, WORKERS: 1, SENTENCE_ENCODER: 'off', embedded: false })
    expect(read({ DATABASE_POOL: '3' }).DATABASE_POOL).toBe(3)
  })
})
