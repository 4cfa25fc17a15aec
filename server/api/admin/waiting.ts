import { countWaitingWork } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { waitingCountsAnswer } from '#shared/contracts/answers/unanswered'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'How much waits for the back office',
    answers: { 200: waitingCountsAnswer },
    handle: () => countWaitingWork(),
  }),
})
