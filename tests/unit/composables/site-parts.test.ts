import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nuxt, resetNuxt, signedInCustomer } from '../../support/nuxt-imports'
import { holdRequests, refusal } from '../../support/held-requests'
import { formatDay, formatEuros, localToday } from '~/composables/plan-format'
import { homeOf, useSession } from '~/composables/session'
import { useTheme } from '~/composables/theme'

const { requests, request } = holdRequests()
beforeEach(resetNuxt)

describe('signing in', () => {
  const signsIn = (role: 'customer' | 'admin') => nuxt.auth.signIn = async () => void (nuxt.user.value = { ...signedInCustomer, role })

  it.each([['customer', '/my-plan'], ['admin', '/admin']] as const)('takes a %s to %s', async (role, home) => {
    signsIn(role)
    await useSession().signInAndGoOn('anna@example.com', 'a-password')
    expect(nuxt.authCalls[0]).toEqual({ name: 'signIn', args: [{ email: 'anna@example.com', password: 'a-password' }, { redirect: false }] })
    expect(nuxt.navigations).toEqual([home])
    expect(homeOf(role)).toBe(home)
  })

  it('goes back to where somebody came from, on this site only', async () => {
    signsIn('customer')
    nuxt.route.value.query = { redirect: '/account' }
    await useSession().signInAndGoOn('anna@example.com', 'a-password')
    nuxt.route.value.query = { redirect: '//elsewhere.example' }
    await useSession().signInAndGoOn('anna@example.com', 'a-password')
    expect(nuxt.navigations).toEqual(['/account', '/my-plan'])
  })

  it('goes nowhere when it is refused', async () => {
    nuxt.auth.signIn = async () => {
      throw new Error('401')
    }
    await expect(useSession().signInAndGoOn('anna@example.com', 'wrong')).rejects.toThrow('401')
    expect(nuxt.navigations).toEqual([])
  })

  it('does not count when the session cannot be read', async () => {
    await expect(useSession().signInAndGoOn('anna@example.com', 'a-password')).rejects.toThrow('the session could not be read')
    expect(nuxt.navigations).toEqual([])
  })
})

describe('signing out', () => {
  beforeEach(() => {
    nuxt.user.value = signedInCustomer
  })

  it('tells the server first, then forgets the person', async () => {
    const leaving = useSession().signOut()
    expect([(await request(0)).method, requests[0]!.path]).toEqual(['POST', '/api/auth/logout'])
    expect(nuxt.user.value).not.toBeNull()
    requests[0]!.answer(204)
    await leaving
    expect([nuxt.user.value, nuxt.authCalls.map(call => call.name), nuxt.navigations]).toEqual([null, ['clearToken'], ['/']])
  })

  it.each([
    ['never arrived', () => requests[0]!.cutOff()],
    ['was refused', () => requests[0]!.answer(503, refusal('UNAVAILABLE'))],
  ])('shows nobody as signed out when the request %s', async (_, fail) => {
    const leaving = useSession().signOut()
    await request(0)
    fail()
    await expect(leaving).rejects.toThrow()
    expect([nuxt.user.value?.id, nuxt.navigations]).toEqual([signedInCustomer.id, []])
  })

  it('by the server leads to the sign-in page and back here', async () => {
    nuxt.route.value.fullPath = '/my-plan?from=mail'
    await useSession().askToSignInAgain()
    expect(nuxt.user.value).toBeNull()
    expect(nuxt.navigations).toEqual([JSON.stringify({ path: '/sign-in', query: { redirect: '/my-plan?from=mail' } })])
  })
})

describe('the theme', () => {
  const system = (isDark: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: isDark }))
  const cookie = () => nuxt.cookies.get('theme')!

  it('follows the system until somebody chooses, and again when they choose what it shows', () => {
    system(false)
    const { chosen, toggle } = useTheme()
    expect(chosen.value).toBeNull()
    toggle()
    expect([chosen.value, cookie().value]).toEqual(['dark', 'dark'])
    toggle()
    expect([chosen.value, cookie().value]).toEqual([null, null])
    system(true)
    toggle()
    expect(chosen.value).toBe('light')
  })

  it('takes nothing from the cookie but its two names', () => {
    const { chosen } = useTheme()
    cookie().value = '<script>'
    expect(chosen.value).toBeNull()
    cookie().value = 'light'
    expect(chosen.value).toBe('light')
  })
})

describe('the words of the plan', () => {
  it('spell a day and an amount', () => {
    expect([formatDay('2027-06-19'), formatEuros(25000), formatEuros(0)]).toEqual(['19 June 2027', '€25,000', '€0'])
  })

  it('know today where the reader is, with two digits', () => {
    expect(localToday(new Date(2027, 0, 5, 23, 59))).toBe('2027-01-05')
  })
})
