import { previewDraft } from '#server/services/unanswered/would-answer'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { previewAnswer } from '#shared/contracts/answers/unanswered'
import { previewSchema } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Which open groups a draft would answer',
    answers: { 200: previewAnswer },
    body: previewSchema,
    handle: ({ body: { faq: { id, is_active: isActive, ...texts } } }) => previewDraft({ id: id ?? null, isActive, ...texts }),
  }),
})
