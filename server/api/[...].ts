import { defineEventHandler } from 'h3'
import { AppError } from '#server/core/app-error'
import { sendApiError } from '#server/utils/send-error'

/** Every path under /api that is none. */
export default defineEventHandler(event => sendApiError(event, new AppError('NOT_FOUND', 'There is nothing at this address: check the path.')))
