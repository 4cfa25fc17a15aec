import { abortNavigation, createError, defineNuxtRouteMiddleware, navigateTo, useAuth } from '#imports'

/** Pages of the planner's staff. It guards navigation only; every admin handler checks the role for itself. */
export default defineNuxtRouteMiddleware((to) => {
  const user = useAuth().data.value
  if (!user) return navigateTo({ path: '/sign-in', query: { redirect: to.fullPath } })
  if (user.role !== 'admin') return abortNavigation(createError({ statusCode: 403, statusMessage: 'For the planning team only' }))
})
