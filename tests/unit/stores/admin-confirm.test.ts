import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useAdminConfirm } from '~/stores/admin-confirm'

beforeEach(() => setActivePinia(createPinia()))
const question = (title: string) => ({ title, text: 'It cannot be undone.', yes: 'Delete', no: 'Keep' })

describe('a question to the admin', () => {
  it.each([true, false])('is shown until it is answered, and passes the answer %s on', async (answer) => {
    const store = useAdminConfirm()
    const asked = store.ask(question('Delete it?'))
    expect(store.question).toEqual(question('Delete it?'))
    store.answer(answer)
    expect(store.question).toBeNull()
    await expect(asked).resolves.toBe(answer)
  })

  it('counts as refused when the next one takes its place', async () => {
    const store = useAdminConfirm()
    const first = store.ask(question('First?'))
    const second = store.ask(question('Second?'))
    await expect(first).resolves.toBe(false)
    expect(store.question?.title).toBe('Second?')
    store.answer(true)
    await expect(second).resolves.toBe(true)
  })

  it('needs no answer where none was asked', () => {
    const store = useAdminConfirm()
    store.answer(true)
    expect(store.question).toBeNull()
  })
})
