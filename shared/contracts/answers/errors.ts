import { z } from 'zod'
import { errorStatus, type ErrorBody, type ErrorCode } from '../errors'
import { answerOf } from './answer'

export const errorAnswer = answerOf<ErrorBody>()(z.object({
  error: z.string().min(1),
  code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
  request_id: z.string().min(1).max(64),
  details: z.array(z.object({ path: z.string(), message: z.string(), reason: z.string().optional() })).optional(),
  current: z.unknown().optional(),
}).meta({ id: 'Error' }))
