import { ref, shallowRef } from 'vue'
import type { ChatFaq, ChatMessage, ConversationStatus, CustomerChatConfig } from '#shared/contracts/chat'
import type { Archive, Connection, Outgoing, Rating } from './types'

/** Everything the chat shows. Lists are replaced, never changed in place: 5,000 messages stay cheap to watch. */
export function createChatState() {
  return {
    customerId: ref<string | null>(null),
    conversationId: ref<string | null>(null),
    conversationStatus: ref<ConversationStatus>('active'),
    /** `waiting`: a person was asked for; `person`: one answers and the bot is quiet. */
    handling: ref('bot'),
    /** An unbroken run of the conversation up to its newest known message, by `seq`. */
    messages: shallowRef<ChatMessage[]>([]),
    outbox: shallowRef<Outgoing[]>([]),
    ratings: shallowRef<Record<string, Rating>>({}),
    /** Replies that came while the customer was here; each is announced once. */
    arrivals: shallowRef<ChatMessage[]>([]),
    archive: shallowRef<Archive | null>(null),
    faqs: shallowRef<ChatFaq[] | null>(null),
    /** They could not be fetched, and none are cached. */
    faqsFailed: ref(false),
    config: shallowRef<CustomerChatConfig | null>(null),
    isOpen: ref(false),
    draft: ref(''),
    /** The newest `seq` the customer has seen. */
    readSeq: ref(0),
    /** Nothing to show yet, and the server has been asked. */
    isLoading: ref(false),
    isLoadingEarlier: ref(false),
    connection: ref<Connection>('ok'),
    signedOut: ref(false),
    /** Until when (milliseconds since 1970) the server asked us not to send; 0 when it has not. */
    heldUntil: ref(0),
  }
}

export type ChatState = ReturnType<typeof createChatState>

/** Forgets everything of the last customer, at once. */
export function resetChatState(state: ChatState): void {
  const fresh = createChatState()
  for (const name of Object.keys(fresh) as (keyof ChatState)[]) (state[name] as { value: unknown }).value = fresh[name].value
}
