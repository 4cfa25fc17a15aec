import { defineEventHandler } from 'h3'
import { logWhenClosed } from '#server/utils/access-log'

/** Every request leaves a line in the log, a count and, where traced, a span. */
export default defineEventHandler(event => logWhenClosed(event))
