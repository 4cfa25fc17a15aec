import { defineNuxtRouteMiddleware, navigateTo, useAuth } from '#imports'

/** Pages of a signed-in person. It guards navigation only; every API handler checks for itself. */
export default defineNuxtRouteMiddleware((to) => {
  if (useAuth().data.value) return
  return navigateTo({ path: '/sign-in', query: { redirect: to.fullPath } })
})
