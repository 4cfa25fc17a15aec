/** The driver's own error inside drizzle's, or null. */
function driverError(error: unknown): { code?: string, constraint?: string, constraint_name?: string } | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string') return cause as never
  }
  return null
}

/** Whether a unique index refused the row; `constraint` asks for that one index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driver = driverError(error)
  return driver?.code === '23505' && (!constraint || (driver.constraint ?? driver.constraint_name) === constraint)
}

export function isForeignKeyViolation(error: unknown): boolean {
  return driverError(error)?.code === '23503'
}

/** Whether a row of a user was missing: the account was deleted while this request of theirs was under way. */
export function isUserGone(error: unknown): boolean {
  const driver = driverError(error)
  return driver?.code === '23503' && /_(customer|user)_id_users_id_fk$/.test(driver.constraint ?? driver.constraint_name ?? '')
}

/** Two transactions waited for each other and this one had to give way: nothing of it was stored, and a second try succeeds. */
export const isDeadlock = (error: unknown): boolean => ['40P01', '40001'].includes(driverError(error)?.code ?? '')

/**
 * Whether the disk under the database takes no more: `full`, or `read-only` (also a PostgreSQL that only answers reads,
 * a standby for instance); null: neither. Nothing of the failed write is stored.
 */
export function diskTrouble(error: unknown): 'full' | 'read-only' | null {
  const code = driverError(error)?.code
  if (code === '53100' || code === 'ENOSPC') return 'full'
  return code === 'EROFS' || code === '25006' || causesOf(error).some(cause => /Read-only file system/.test(cause.message)) ? 'read-only' : null
}

/**
 * Whether the database could not be asked: refused, cut off, shutting down, out of connections, over its time limit.
 * Class 08 and 57P0x of PostgreSQL's error codes, 53 (out of resources), 57014 (statement time-out), 55P03 (lock
 * time-out), the names postgres.js gives, and the system's own.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = driverError(error)?.code ?? ''
  return /^(08...|57P0.|53...|57014|55P03|25P03)$/.test(code)
    || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED'].includes(code)
    || isPgliteClosed(error)
}

/** Whether a replica gave a query up because it was in the way of what the primary had sent (a hot standby's conflict with recovery). */
export function isReplicaConflict(error: unknown): boolean {
  return ['40001', '40P01'].includes(driverError(error)?.code ?? '')
}

/** PGlite gives no code, and drizzle wraps what it throws. */
function isPgliteClosed(error: unknown): boolean {
  return causesOf(error).some(cause => /PGlite is (closed|closing)/.test(cause.message))
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause) causes.push(cause)
  return causes
}
