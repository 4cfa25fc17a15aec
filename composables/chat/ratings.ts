import type { ApiClient } from '~/composables/api-client'
import type { FeedbackResult, FeedbackValue } from '#shared/contracts/chat'
import type { Live } from './live'
import type { ChatState } from './state'
import type { Rating } from './types'

type Wish = Pick<Rating, 'value' | 'comment'>

/** Thumbs: shown at once, sent one after another for each message, taken back on the screen when the server refuses. */
export function createRatings({ state, api, live, submitted, refused }: { state: ChatState, api: ApiClient, live: Live, submitted: (messageId: string, value: FeedbackValue | null) => void, refused: (error: unknown) => void }) {
  const busy = new Set<string>()
  const wishes = new Map<string, Wish>()

  function show(messageId: string, rating: Rating | null): void {
    const { [messageId]: _, ...others } = state.ratings.value
    state.ratings.value = rating ? { ...others, [messageId]: rating } : others
  }

  const find = (messageId: string) => state.messages.value.find(message => message.id === messageId)

  async function rate(messageId: string, wish: Wish): Promise<void> {
    wishes.set(messageId, wish)
    show(messageId, { ...wish, failed: false })
    if (busy.has(messageId)) return
    busy.add(messageId)
    try {
      for (let next = wishes.get(messageId); next; next = wishes.get(messageId)) {
        wishes.delete(messageId)
        await send(messageId, next)
      }
    }
    finally {
      busy.delete(messageId)
    }
  }

  async function send(messageId: string, wish: Wish): Promise<void> {
    try {
      const { feedback_id } = await api.post<FeedbackResult>('/feedback', { message_id: messageId, value: wish.value, ...(wish.comment ? { comment: wish.comment } : {}) })
      const message = find(messageId)
      if (message) live.patch({ ...message, feedback: wish.value && feedback_id ? { id: feedback_id, value: wish.value, comment: wish.comment } : undefined })
      if (!wishes.has(messageId)) show(messageId, null)
      submitted(messageId, wish.value)
    }
    catch (error) {
      const confirmed = find(messageId)?.feedback
      if (!wishes.has(messageId)) show(messageId, { value: confirmed?.value ?? null, comment: confirmed?.comment ?? null, failed: true })
      refused(error)
    }
  }

  return { rate }
}
