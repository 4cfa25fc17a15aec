import { listWaiting } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { waitingPageAnswer } from '#shared/contracts/answers/records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists who waits for a person',
    answers: { 200: waitingPageAnswer },
    handle: () => listWaiting(),
  }),
})
