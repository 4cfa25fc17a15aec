import { editFaq, readFaq, removeFaq } from '#server/services/faqs/manage-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminFaqAnswer } from '#shared/contracts/answers/faqs'
import { faqParams, updateFaqSchema } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Reads a FAQ',
    answers: { 200: adminFaqAnswer },
    params: faqParams,
    handle: ({ params }) => readFaq(params.id),
  }),
  PATCH: apiMethod({
    access: 'admin',
    summary: 'Edits a FAQ',
    answers: { 200: adminFaqAnswer },
    errors: ['CONFLICT'],
    params: faqParams,
    body: updateFaqSchema,
    handle: ({ user, params, body }) => editFaq(user.id, params.id, body),
  }),
  DELETE: apiMethod({
    access: 'admin',
    summary: 'Deletes a FAQ',
    answers: { 204: null },
    params: faqParams,
    handle: ({ user, params }) => removeFaq(user.id, params.id),
  }),
})
