import { listWaiting } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', handle: () => listWaiting() }),
})
