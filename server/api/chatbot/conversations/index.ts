import { deleteOwnConversations, listOwnConversations } from '#server/services/conversations/read-conversation'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationsAnswer, deletedConversationsAnswer } from '#shared/contracts/answers/chat'
import { listConversationsQuery } from '#shared/contracts/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Lists the customer’s conversations',
    answers: { 200: conversationsAnswer },
    query: listConversationsQuery,
    handle: ({ user, query }) => listOwnConversations(user.id, query.status, query.limit),
  }),
  DELETE: apiMethod({
    access: 'customer',
    summary: 'Deletes all of the customer’s conversations',
    answers: { 200: deletedConversationsAnswer },
    handle: ({ user }) => deleteOwnConversations(user.id),
  }),
})
