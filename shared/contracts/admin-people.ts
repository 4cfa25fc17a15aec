import { z } from 'zod'
import { pageQuery, withoutEmpty, type Page } from './admin'
import type { Role } from './auth'
import { searchText, uuidSchema, versionSchema } from './text'

const role = z.enum(['customer', 'admin'], { error: 'Send customer or admin.' })

export const listUsersQuery = withoutEmpty(pageQuery.extend({
  /** Words of the name or the e-mail address, or how they begin. */
  q: searchText(200).optional(),
  role: role.optional(),
  status: z.enum(['active', 'disabled'], { error: 'Send active or disabled.' }).optional(),
}))

export const userParams = z.object({ id: uuidSchema })

export const updateUserSchema = z.object({
  role: role.optional(),
  /** true ends all their sessions and lets them sign in no more. */
  disabled: z.boolean({ error: 'Send true or false.' }).optional(),
  /** The version this change is based on. */
  version: versionSchema,
}, { error: 'Send a JSON object with version and role or disabled.' })
export type UpdateUser = z.input<typeof updateUserSchema>

export interface AdminUser {
  id: string
  email: string
  name: string
  role: Role
  disabled: boolean
  disabled_at: string | null
  created_at: string
  /** When a session of theirs that still lasts was last used, to the hour. null: none lasts. */
  last_seen_at: string | null
  conversation_count: number
  version: number
}
export type AdminUserPage = Page<AdminUser>
