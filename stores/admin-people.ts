import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminUsers } from '~/stores/admin-records'
import type { AdminUser, UpdateUser } from '#shared/contracts/admin-people'

type Change = Pick<UpdateUser, 'role' | 'disabled'>

const told = ({ name }: AdminUser, { role, disabled }: Change) => {
  if (disabled !== undefined) return disabled ? `${name} is disabled and signed out everywhere.` : `${name} can sign in again.`
  return role === 'admin' ? `${name} is an admin now.` : `${name} is a customer now.`
}

/** Changes of role and access, on the list of people. */
export const useAdminPeople = defineStore('admin-people', () => {
  const api = useApi()
  const notices = useAdminNotices()
  const list = useAdminUsers()
  /** The accounts with a change under way. */
  const busy = ref<string[]>([])

  /** Gives the account as it is then; null: it was not changed, and a notice says why. */
  async function change(user: AdminUser, wanted: Change, isUndo = false): Promise<AdminUser | null> {
    if (busy.value.includes(user.id)) return null
    busy.value.push(user.id)
    try {
      const body: UpdateUser = { ...wanted, version: user.version }
      const changed = await api.patch<AdminUser>(`/admin/users/${user.id}`, body)
      list.put(changed)
      const back: Change = wanted.disabled === undefined ? { role: user.role } : { disabled: user.disabled }
      notices.done(told(changed, wanted), isUndo ? undefined : { label: 'Undo', run: () => void change(changed, back, true) })
      return changed
    }
    catch (error) {
      if (error instanceof ApiError && error.current) list.put(error.current as AdminUser)
      notices.failed(failureOf(error).message)
      return null
    }
    finally {
      busy.value = busy.value.filter(id => id !== user.id)
    }
  }

  return { busy, change }
})
