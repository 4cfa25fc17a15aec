import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isFunctionsHost } from './platform'

/** A reason not to start: one sentence that says what to do. The entry prints it and exits with 1. */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}

const number = (name: string, min: number, max: number) => z.string()
  .regex(/^\d+$/, `${name} must be a whole number from ${min} to ${max}.`)
  .transform(Number)
  .refine(value => value >= min && value <= max, `${name} must be a whole number from ${min} to ${max}.`)

const secret = (name: string) => z.string().min(32, `${name} must have at least 32 characters; make one with: openssl rand -hex 32`)
const optional = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(value => (value === '' ? undefined : value), schema.optional())

/** Whether the address is encrypted, or does not leave this machine. */
export const isSecureOrLocal = (url: string) => new URL(url).protocol === 'https:' || isLoopbackHost(new URL(url).hostname)
/** `hostname` as in a URL: an IPv6 address stands in brackets. */
export const isLoopbackHost = (hostname: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
/** 0: no limit. */
const milliseconds = (name: string, usual: number) => optional(number(name, 0, 3_600_000)).transform(ms => ms ?? usual)

const envSchema = z.object({
  PORT: optional(number('PORT', 0, 65535)).transform(port => port ?? 3000),
  HOST: optional(z.string()),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\/\S+$/, 'DATABASE_URL must look like postgres://user:password@host:5432/database.')),
  DATABASE_REPLICA_URL: optional(z.string().regex(/^postgres(ql)?:\/\/\S+$/, 'DATABASE_REPLICA_URL must look like postgres://user:password@host:5432/database.')),
  DATA_DIR: optional(z.string()).transform(dir => dir ?? '.data'),
  AUTH_SECRET: optional(secret('AUTH_SECRET')),
  ENCRYPTION_KEY: optional(secret('ENCRYPTION_KEY')),
  ENCRYPTION_KEY_PREVIOUS: optional(secret('ENCRYPTION_KEY_PREVIOUS')),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\/\S+$/, 'REDIS_URL must look like redis://host:6379.')),
  ADMIN_EMAIL: optional(z.email('ADMIN_EMAIL must be an e-mail address.')),
  ADMIN_PASSWORD: optional(z.string().min(10, 'ADMIN_PASSWORD must have at least 10 characters.').max(200, 'ADMIN_PASSWORD must have at most 200 characters.')),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\/\S+$/, 'SMTP_URL must look like smtp://user:password@host:587.')),
  MAIL_FROM: optional(z.string()),
  VERIFY_EMAIL: optional(z.enum(['on', 'off'], 'VERIFY_EMAIL must be on or off.')).transform(value => value ?? 'off'),
  OIDC_ISSUER: optional(z.url({ protocol: /^https?$/, error: 'OIDC_ISSUER must look like https://accounts.google.com.' })),
  OIDC_CLIENT_ID: optional(z.string()),
  OIDC_CLIENT_SECRET: optional(z.string()),
  OIDC_NAME: optional(z.string().max(40, 'OIDC_NAME must have at most 40 characters.')),
  LOG_LEVEL: optional(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.')),
  RATE_LIMITS: optional(z.enum(['on', 'off'], 'RATE_LIMITS must be on or off.')).transform(value => value ?? 'on'),
  TRUST_PROXY: optional(number('TRUST_PROXY', 0, 10)).transform(count => count ?? 0),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must look like https://planner.example.' })),
  SENTENCE_ENCODER: optional(z.enum(['on', 'off'], 'SENTENCE_ENCODER must be on or off.')).transform(value => value ?? 'on'),
  EMBEDDINGS_URL: optional(z.url({ protocol: /^https?$/, error: 'EMBEDDINGS_URL must look like https://host/v1/embeddings.' })
    .refine(url => !URL.canParse(url) || (!new URL(url).username && !new URL(url).password), 'Put the key into EMBEDDINGS_KEY, not into EMBEDDINGS_URL.')),
  EMBEDDINGS_KEY: optional(z.string()),
  EMBEDDINGS_MODEL: optional(z.string()),
  WORKERS: optional(z.string().regex(/^(?:auto|[1-9]|[1-5]\d|6[0-4])$/, 'WORKERS must be auto or a whole number from 1 to 64.'))
    .transform(value => value === 'auto' ? availableParallelism() : Number(value ?? 1)),
  SLOW_QUERY_MS: optional(number('SLOW_QUERY_MS', 0, 600_000)).transform(ms => ms ?? 500),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/, error: 'OTEL_EXPORTER_OTLP_ENDPOINT must look like http://localhost:4318.' })),
  DATABASE_POOL: optional(number('DATABASE_POOL', 1, 200)).transform(size => size ?? 10),
  DATABASE_STATEMENT_TIMEOUT_MS: milliseconds('DATABASE_STATEMENT_TIMEOUT_MS', 15_000),
  DATABASE_LOCK_TIMEOUT_MS: milliseconds('DATABASE_LOCK_TIMEOUT_MS', 10_000),
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: milliseconds('DATABASE_IDLE_TRANSACTION_TIMEOUT_MS', 30_000),
  CRON_SECRET: optional(z.string().min(16, 'CRON_SECRET must have at least 16 characters; make one with: openssl rand -hex 32')),
  METRICS_TOKEN: optional(z.string().min(16, 'METRICS_TOKEN must have at least 16 characters; make one with: openssl rand -hex 32')),
  RAG_DENY_PRIVATE: optional(z.enum(['0', '1'], 'RAG_DENY_PRIVATE must be 0 or 1.')).transform(value => value === '1'),
  RAG_DAILY_BUDGET: optional(number('RAG_DAILY_BUDGET', 1, 10_000_000)),
}).superRefine((env, context) => {
  const oidc = [env.OIDC_ISSUER, env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET].filter(Boolean).length
  if (oidc !== 0 && oidc !== 3) context.addIssue({ code: 'custom', message: 'Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together, or none of them.' })
  if (env.OIDC_ISSUER && URL.canParse(env.OIDC_ISSUER) && !isSecureOrLocal(env.OIDC_ISSUER)) context.addIssue({ code: 'custom', message: 'OIDC_ISSUER must begin with https://; plain http is for a provider on this machine only.' })
  if (env.VERIFY_EMAIL === 'on' && !env.SMTP_URL) context.addIssue({ code: 'custom', message: 'VERIFY_EMAIL=on needs SMTP_URL: the links go by e-mail.' })
  if (Boolean(env.ADMIN_EMAIL) !== Boolean(env.ADMIN_PASSWORD)) {
    context.addIssue({ code: 'custom', message: 'Set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither.' })
  }
  if (env.DATABASE_REPLICA_URL && !env.DATABASE_URL) {
    context.addIssue({ code: 'custom', message: 'DATABASE_REPLICA_URL needs DATABASE_URL: only a PostgreSQL has replicas.' })
  }
  if (Boolean(env.EMBEDDINGS_URL) !== Boolean(env.EMBEDDINGS_MODEL)) {
    context.addIssue({ code: 'custom', message: 'Set EMBEDDINGS_URL and EMBEDDINGS_MODEL together, or neither.' })
  }
})

type ParsedEnv = z.output<typeof envSchema>
export interface Env extends Omit<ParsedEnv, 'AUTH_SECRET' | 'ENCRYPTION_KEY' | 'HOST'> {
  HOST: string
  AUTH_SECRET: string
  ENCRYPTION_KEY: string
  /** true: PGlite in DATA_DIR; false: PostgreSQL at DATABASE_URL. */
  embedded: boolean
}

/**
 * Reads and checks the variables. On the embedded database missing secrets are made once and kept in
 * `DATA_DIR/secrets.json` (mode 600); with DATABASE_URL they must be set, because several servers have to agree on them.
 * Throws `StartupError`.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = envSchema.safeParse(source)
  if (!parsed.success) throw new StartupError(parsed.error.issues.map(issue => issue.message).join(' '))
  const embedded = !parsed.data.DATABASE_URL
  if (isFunctionsHost()) return readFunctionsEnv(parsed.data, source)
  if (embedded && parsed.data.WORKERS > 1) throw new StartupError('WORKERS needs DATABASE_URL: the embedded database takes one process. Leave WORKERS out, or set DATABASE_URL to a PostgreSQL.')
  const dataDir = resolve(parsed.data.DATA_DIR)
  const given = { AUTH_SECRET: parsed.data.AUTH_SECRET, ENCRYPTION_KEY: parsed.data.ENCRYPTION_KEY }
  const secrets = embedded ? keepSecrets(dataDir, given) : requireSecrets(given)
  return { ...parsed.data, ...secrets, DATA_DIR: dataDir, HOST: parsed.data.HOST ?? (embedded ? '127.0.0.1' : '0.0.0.0'), embedded }
}

/**
 * A function keeps nothing, serves one request at a time and is one of hundreds: the database is all there is, a single
 * connection to it is enough (and none to a replica, which has to be watched), and the built-in sentence encoder (33 MB, threads) is left out of the build.
 */
function readFunctionsEnv(parsed: ParsedEnv, source: Record<string, string | undefined>): Env {
  if (!parsed.DATABASE_URL) throw new StartupError('Set DATABASE_URL to a PostgreSQL: this host keeps no files, so there is no embedded database here.')
  const secrets = requireSecrets(parsed)
  return { ...parsed, ...secrets, HOST: '0.0.0.0', WORKERS: 1, SENTENCE_ENCODER: parsed.EMBEDDINGS_URL ? parsed.SENTENCE_ENCODER : 'off', DATABASE_POOL: source.DATABASE_POOL ? parsed.DATABASE_POOL : 1, DATABASE_REPLICA_URL: undefined, embedded: false }
}

interface Secrets { AUTH_SECRET: string, ENCRYPTION_KEY: string }

function requireSecrets(given: Partial<Secrets>): Secrets {
  const missing = (['AUTH_SECRET', 'ENCRYPTION_KEY'] as const).filter(name => !given[name])
  if (missing.length) throw new StartupError(`Set ${missing.join(' and ')}: with DATABASE_URL every server needs the same secret. Make one with: openssl rand -hex 32`)
  return given as Secrets
}

function keepSecrets(dataDir: string, given: Partial<Secrets>): Secrets {
  if (given.AUTH_SECRET && given.ENCRYPTION_KEY) return given as Secrets
  const file = join(dataDir, 'secrets.json')
  try {
    mkdirSync(dataDir, { recursive: true })
    if (!existsSync(file)) putSecrets(file, { AUTH_SECRET: randomBytes(32).toString('hex'), ENCRYPTION_KEY: randomBytes(32).toString('hex') })
    const kept = readSecrets(file)
    return { AUTH_SECRET: given.AUTH_SECRET ?? kept.AUTH_SECRET, ENCRYPTION_KEY: given.ENCRYPTION_KEY ?? kept.ENCRYPTION_KEY }
  }
  catch (cause) {
    if (cause instanceof StartupError) throw cause
    throw new StartupError(`The folder ${dataDir} (DATA_DIR) cannot be used for the secrets: ${(cause as Error).message.split('\n')[0]}. Make it writable or set DATA_DIR to another folder.`, { cause })
  }
}

/**
 * Stores the secrets unless somebody else's are there by now: of two first starts at the same moment one is first, and both
 * then read what that one stored. Written whole under another name before: a half-written file would lock everybody out.
 */
function putSecrets(file: string, made: Secrets): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const text = JSON.stringify(made, null, 2)
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
    linkSync(draft, file)
  }
  catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // A file system without hard links: not whole at once, but still made by one alone.
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) putDirectly(file, text)
    else if (code !== 'EEXIST') throw error
  }
  finally {
    rmSync(draft, { force: true })
  }
}

function putDirectly(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const keptSecrets = z.object({ AUTH_SECRET: z.string().min(32), ENCRYPTION_KEY: z.string().min(32) })

/** Says nothing of what the file holds: the parsers' own messages quote it. */
function readSecrets(file: string): Secrets {
  const text = readFileSync(file, 'utf8')
  try {
    return keptSecrets.parse(JSON.parse(text))
  }
  catch {
    throw new StartupError(`The file ${file} is damaged: restore it from a backup. Without one, delete it and new secrets are made; everybody then signs in again, and the RAG API key has to be entered again.`)
  }
}

let current: Env | undefined

/** The environment of this process, read once. Throws `StartupError`. */
export function env(): Env {
  return current ??= readEnv()
}

/** For tests and commands that bring their own environment; undefined forgets it. */
export function setEnv(replacement: Env | undefined): void {
  current = replacement
}
