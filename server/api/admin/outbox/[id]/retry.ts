import { retryFromOutbox } from '#server/services/outbox/manage-outbox'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { deliveryAnswer } from '#shared/contracts/answers/settings'
import { outboxParams } from '#shared/contracts/admin'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Delivers a rating again',
    answers: { 200: deliveryAnswer },
    errors: ['CONFLICT'],
    params: outboxParams,
    handle: ({ user, params }) => retryFromOutbox(user.id, params.id),
  }),
})
