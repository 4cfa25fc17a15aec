import { defineStore } from 'pinia'
import type { ClosedConversation, ConversationSummary, TranscriptFormat } from '#shared/contracts/chat'
import type { Place } from '~/composables/chat/live'
import { useChatStore } from './chat'

/** What the chat's menu does: past conversations, transcripts, deleting. Fetched with the menu; all of it throws what the API throws. */
export const useChatRecordsStore = defineStore('chat-records', () => {
  const chat = useChatStore()
  const shownId = () => chat.archive?.id ?? chat.conversationId

  /** Closes the conversation and begins a new one. */
  async function newConversation(): Promise<void> {
    const id = chat.conversationId
    if (id && chat.conversationStatus === 'active') await chat.ask(({ api }) => api.post<ClosedConversation>(`/conversations/${id}/close`))
    chat.beginNew()
  }

  /** Deletes all conversations, on the server and here, with what waits to be sent. */
  async function deleteAll(): Promise<void> {
    await chat.ask(({ api }) => api.delete('/conversations'))
    await chat.ask(async ({ outbox }) => outbox.drop(new Set(chat.outbox.map(entry => entry.clientId))))
    chat.draft = ''
    chat.archive = null
    chat.beginNew()
  }

  async function openArchive(id: string): Promise<void> {
    chat.archive = { id, messages: [], failed: false, loadEarlier }
    await loadEarlier()
  }

  /** The page of the opened past conversation before what is shown. */
  async function loadEarlier(place: Place = run => run()): Promise<void> {
    const archive = chat.archive
    if (!archive || chat.isLoadingEarlier) return
    chat.isLoadingEarlier = true
    try {
      const page = await chat.ask(({ live }) => live.readBefore(archive.id, archive.messages[0]?.seq))
      if (!page || chat.archive?.id !== archive.id) return
      await place(() => {
        chat.archive = { ...archive, failed: false, messages: [...page, ...archive.messages] }
      })
    }
    catch {
      if (chat.archive?.id === archive.id) chat.archive = { ...archive, failed: true }
    }
    finally {
      chat.isLoadingEarlier = false
    }
  }

  return {
    newConversation,
    deleteAll,
    openArchive,
    listPast: () => chat.ask(({ api }) => api.get<ConversationSummary[]>('/conversations', { query: { status: 'closed', limit: 50 } })),
    emailTranscript: () => chat.ask(({ api }) => api.post(`/conversations/${shownId()}/transcript`, { delivery: 'email' })),
    transcriptUrl: (format: TranscriptFormat) => `${chat.apiBase()}/conversations/${shownId()}/transcript?format=${format}`,
  }
})
