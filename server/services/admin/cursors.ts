import { AppError } from '#server/core/app-error'

/** A place in a list ordered by time, newest first. */
export interface RecentCursor { at: Date, id: string }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const refuse = () => new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the page before.' }] })

export const writeRecentCursor = ({ at, id }: RecentCursor): string => Buffer.from(`${at.getTime()} ${id}`).toString('base64url')

/** Throws VALIDATION_ERROR for one that is not ours. */
export function readRecentCursor(cursor: string | undefined): RecentCursor | null {
  if (!cursor) return null
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const at = new Date(Number(time))
  if (!id || !uuid.test(id) || Number.isNaN(at.getTime())) throw refuse()
  return { at, id }
}

/** A cursor that is an id. Throws VALIDATION_ERROR. */
export function readIdCursor(cursor: string | undefined): string | null {
  if (!cursor) return null
  if (!uuid.test(cursor)) throw refuse()
  return cursor
}
