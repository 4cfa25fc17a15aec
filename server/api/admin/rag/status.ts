import { readRagStatus } from '#server/services/answering/rag/rag-status'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { ragStatusAnswer } from '#shared/contracts/answers/settings'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'How the RAG API does',
    answers: { 200: ragStatusAnswer },
    handle: readRagStatus,
  }),
})
