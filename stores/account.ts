import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import type { AccountProfile, AccountSession, AccountSessions } from '#shared/contracts/account'

export type LoadState = 'loading' | 'ready' | 'failed'

/** The account page: who one is, and where one is signed in. */
export const useAccountStore = defineStore('account', () => {
  const api = useApi()
  const profile = ref<AccountProfile | null>(null)
  const profileState = ref<LoadState>('loading')
  const sessions = ref<AccountSession[]>([])
  const sessionsState = ref<LoadState>('loading')
  /** The session that is being ended; null: none is. */
  const ending = ref<string | null>(null)

  async function loadProfile() {
    if (!profile.value) profileState.value = 'loading'
    try {
      profile.value = await api.get<AccountProfile>('/account/profile')
      profileState.value = 'ready'
    }
    catch (error) {
      profileState.value = 'failed'
      throw error
    }
  }

  async function loadSessions() {
    if (!sessions.value.length) sessionsState.value = 'loading'
    try {
      sessions.value = (await api.get<AccountSessions>('/account/sessions')).items
      sessionsState.value = 'ready'
    }
    catch (error) {
      sessionsState.value = 'failed'
      throw error
    }
  }

  /** Throws ApiError; a session that was over already is gone from the list all the same. */
  async function endSession(id: string) {
    if (ending.value) return
    ending.value = id
    try {
      await api.delete(`/account/sessions/${id}`).catch((error) => {
        if (!(error instanceof ApiError && error.status === 404)) throw error
      })
      sessions.value = sessions.value.filter(session => session.id !== id)
    }
    finally {
      ending.value = null
    }
  }

  /** Ends every session, this one too. Throws ApiError; 401 means that this one is over already. */
  async function endAllSessions() {
    await api.delete('/account/sessions').catch((error) => {
      if (!(error instanceof ApiError && error.status === 401)) throw error
    })
  }

  async function rename(name: string) {
    profile.value = await api.patch<AccountProfile>('/account/profile', { name })
  }

  async function sendConfirmation() {
    await api.post('/account/verify-email')
  }

  return { profile, profileState, sessions, sessionsState, ending, loadProfile, loadSessions, endSession, endAllSessions, rename, sendConfirmation }
})
