import pino from 'pino'
import { LogDestination } from './log-destination'
import { requestId } from './request-context'
import { workerNumber } from './workers'

/*
 * JSON lines on stdout, `time` as ISO 8601. On a terminal only warnings show by default: the person who typed
 * `npm start` reads sentences, a log collector reads everything.
 */
const defaultLevel = process.stdout.isTTY ? 'warn' : 'info'
/** An unknown level is the environment check's to refuse, in a sentence; here it must not throw before that. */
const wanted = process.env.LOG_LEVEL ?? ''
const level = wanted === 'silent' || wanted in pino.levels.values ? wanted : defaultLevel

const worker = workerNumber()

const stdout = new LogDestination({ onTakenAgain: leftOut => log.warn({ lines: leftOut }, 'Log lines were left out: they could not be written') })

export const log: pino.Logger = pino({
  level,
  // One stream for all workers of a machine; a server without workers says nothing of them.
  base: worker === null ? undefined : { worker },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: label => ({ level: label }) },
  mixin: () => {
    const id = requestId()
    return id ? { request_id: id } : {}
  },
  serializers: { err: describeError },
}, stdout)

/**
 * From now on lines of level info are written together, at the latest after 100 ms: one system call for each was a
 * twelfth of what a small request costs. Anything worse is written at once, with what came before it, and the rest when the
 * process ends; one that is killed takes the last moment's lines with it. Not for hosts that freeze a process between requests.
 */
export function gatherLogLines(): void {
  stdout.gather()
  process.on('exit', () => stdout.flushSync())
}

/**
 * An error for the log: type, message, stack and causes. A database driver's error names its query's parameters, which
 * may be a customer's words, so of those only the code, the constraint and the bare message are kept.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 500) }
  const fields = error as Error & { code?: unknown, constraint?: unknown, constraint_name?: unknown, query?: unknown }
  const isQueryError = 'query' in fields
  return {
    type: error.name,
    message: isQueryError ? 'A database query failed' : error.message.slice(0, 500),
    code: fields.code,
    constraint: fields.constraint ?? fields.constraint_name,
    stack: isQueryError ? undefined : error.stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  }
}
