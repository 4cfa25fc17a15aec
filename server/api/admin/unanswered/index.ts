import { browseUnanswered } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { unansweredPageAnswer } from '#shared/contracts/answers/unanswered'
import { listUnansweredQuery } from '#shared/contracts/unanswered'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists groups of unanswered questions',
    answers: { 200: unansweredPageAnswer },
    query: listUnansweredQuery,
    handle: ({ query }) => browseUnanswered(query),
  }),
})
