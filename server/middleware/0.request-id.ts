import { defineEventHandler } from 'h3'
import { requestIdOf } from '#server/utils/request-id'

/** Every response carries the request's id, pages too. */
export default defineEventHandler((event) => {
  requestIdOf(event)
})
