import { defineNuxtRouteMiddleware, navigateTo, useAuth } from '#imports'
import { safeRedirect } from '~/composables/safe-redirect'
import { homeOf } from '~/composables/session'

/** Sign-in and register: somebody who is signed in already goes where they wanted to go. */
export default defineNuxtRouteMiddleware((to) => {
  const user = useAuth().data.value
  if (user) return navigateTo(safeRedirect(to.query.redirect, homeOf(user.role)))
})
