import { readRagStatus } from '#server/services/answering/rag/rag-status'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', handle: readRagStatus }),
})
