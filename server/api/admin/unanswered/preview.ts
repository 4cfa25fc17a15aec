import { previewDraft } from '#server/services/unanswered/would-answer'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { previewSchema } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    body: previewSchema,
    handle: ({ body: { faq: { id, is_active: isActive, ...texts } } }) => previewDraft({ id: id ?? null, isActive, ...texts }),
  }),
})
