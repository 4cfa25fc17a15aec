import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useAccountData } from '~/composables/account-data'
import { nuxt, resetNuxt, signedInCustomer } from '../../support/nuxt-imports'

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const answers: (Response | Error)[] = []
const asked: [string, RequestInit][] = []
const clicked: { href: string, download: string }[] = []

beforeEach(() => {
  resetNuxt()
  nuxt.user.value = signedInCustomer
  for (const list of [answers, asked, clicked]) list.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push([url, init])
    const answer = answers.shift()!
    if (answer instanceof Error) throw answer
    return answer
  })
  vi.stubGlobal('localStorage', { length: 0, key: () => null, getItem: () => null, removeItem: () => {} })
  vi.stubGlobal('document', { createElement: () => {
    const link = { href: '', download: '', click: () => void clicked.push({ href: link.href, download: link.download }) }
    return link
  } })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('taking the data along', () => {
  it('hands the file to the browser under the server’s name, and lets go of it later', async () => {
    const revoked = vi.spyOn(URL, 'revokeObjectURL')
    answers.push(new Response('PK', { headers: { 'content-disposition': 'attachment; filename="vasiliasbot-my-data-2026-11-22.zip"' } }))
    const { download, downloading, downloadProblem } = useAccountData()
    const done = download('zip')
    expect(downloading.value).toBe('zip')
    await download('json')
    await done
    expect([asked.map(([url]) => url), downloading.value, downloadProblem.value]).toEqual([['/api/account/export?format=zip'], null, ''])
    expect(clicked).toEqual([{ href: expect.stringMatching(/^blob:/), download: 'vasiliasbot-my-data-2026-11-22.zip' }])
    expect(revoked).not.toHaveBeenCalled()
    vi.runAllTimers()
    expect(revoked).toHaveBeenCalledWith(clicked[0]!.href)
  })

  it('says what went wrong, and forgets it at the next try', async () => {
    const { download, downloadProblem } = useAccountData()
    answers.push(json({ error: 'That was too often.', code: 'RATE_LIMITED' }, 429), new Response('<html>', { status: 502 }), new TypeError('offline'), json({}))
    await download('json')
    expect(downloadProblem.value).toBe('That was too often.')
    for (let i = 0; i < 2; i++) {
      await download('json')
      expect(downloadProblem.value).toMatch(/^We could not reach the server/)
    }
    expect(clicked).toEqual([])
    await download('json')
    expect([downloadProblem.value, clicked[0]!.download]).toEqual(['', 'my-data.json'])
  })
})

describe('deleting the account', () => {
  it('sends the password, then leaves as signed out', async () => {
    answers.push(json({ success: true }))
    await useAccountData().deleteAccount('three olive words')
    expect([asked[0]![0], asked[0]![1].method, asked[0]![1].body]).toEqual(['/api/account', 'DELETE', '{"current_password":"three olive words"}'])
    expect(nuxt.navigations).toEqual([expect.stringContaining('/')])
  })

  it('stays where it is refused', async () => {
    answers.push(json({ error: 'That is not your current password.', code: 'VALIDATION_ERROR' }, 400))
    await expect(useAccountData().deleteAccount('')).rejects.toThrow('That is not your current password.')
    expect([asked[0]![1].body, nuxt.navigations]).toEqual(['{}', []])
  })
})
