import { readUnanswered } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { unansweredDetailAnswer } from '#shared/contracts/answers/unanswered'
import { unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Reads a group of unanswered questions',
    answers: { 200: unansweredDetailAnswer },
    params: unansweredParams,
    handle: ({ params }) => readUnanswered(params.id),
  }),
})
