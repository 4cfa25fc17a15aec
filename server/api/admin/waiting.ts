import { countWaitingWork } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', handle: () => countWaitingWork() }),
})
