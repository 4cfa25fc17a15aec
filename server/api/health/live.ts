import { defineEventHandler } from 'h3'

/** Says only that the process runs; it must not wait for the database. */
export default defineEventHandler(() => ({ status: 'live' }))
