import { setResponseHeader } from 'h3'
import { z } from 'zod'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { readApiDocument } from '#server/utils/openapi/read-document'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    withoutStart: true,
    summary: 'This document',
    answers: { 200: z.looseObject({ openapi: z.string(), paths: z.looseObject({}), components: z.looseObject({}) }) },
    handle: async ({ event }) => {
      // The same for everybody, until the next version.
      setResponseHeader(event, 'cache-control', 'public, max-age=300')
      return readApiDocument()
    },
  }),
})
