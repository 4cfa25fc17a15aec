import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { nuxt } from '../../support/nuxt-imports'
import { useLeaveGuard } from '~/composables/admin-leave-guard'
import { useSaveKey } from '~/composables/admin-save-key'
import { useAdminConfirm } from '~/stores/admin-confirm'

const mountWith = (setup: () => void) => mount(defineComponent({
  setup() {
    setup()
    return () => h('div')
  },
}))

describe('a page with unsaved changes', () => {
  const here = { path: '/admin/settings' }
  const there = { path: '/admin/faqs' }

  it.each([[true, true], [false, false]])('is left within the app when the admin answers %s', async (answer, leaves) => {
    mountWith(() => useLeaveGuard(() => true))
    const leaving = nuxt.guards.leave[0]!(there, here)
    expect(useAdminConfirm().question).toMatchObject({ title: 'Leave without saving?', danger: true })
    useAdminConfirm().answer(answer)
    await expect(leaving).resolves.toBe(leaves)
  })

  it('asks before another FAQ takes its place, not when only the filters change', async () => {
    mountWith(() => useLeaveGuard(() => true))
    expect(nuxt.guards.update[0]!({ path: '/admin/faqs/1' }, { path: '/admin/faqs/1' })).toBe(true)
    const leaving = nuxt.guards.update[0]!({ path: '/admin/faqs/2' }, { path: '/admin/faqs/1' })
    useAdminConfirm().answer(false)
    await expect(leaving).resolves.toBe(false)
  })

  it('makes the browser ask before it is closed, until it has gone', () => {
    const close = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }))
    const wrapper = mountWith(() => useLeaveGuard(() => true))
    expect(close()).toBe(true)
    wrapper.unmount()
    expect(close()).toBe(false)
  })

  it('is none once everything is saved', async () => {
    mountWith(() => useLeaveGuard(() => false))
    await expect(nuxt.guards.leave[0]!(there, here)).resolves.toBe(true)
    expect(useAdminConfirm().question).toBeNull()
    expect(dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(true)
  })
})

describe('the keys that save', () => {
  const press = (more: KeyboardEventInit) => {
    const event = new KeyboardEvent('keydown', { key: 's', cancelable: true, ...more })
    dispatchEvent(event)
    return event.defaultPrevented
  }

  it.each([{ ctrlKey: true }, { metaKey: true }, { ctrlKey: true, key: 'S' }])('are %j', (keys) => {
    const save = vi.fn()
    mountWith(() => useSaveKey(save))
    expect(press(keys)).toBe(true)
    expect(save).toHaveBeenCalledTimes(1)
  })

  it.each([{}, { ctrlKey: true, key: 'd' }, { ctrlKey: true, altKey: true }, { metaKey: true, shiftKey: true }])('are not %j, which stay the browser’s', (keys) => {
    const save = vi.fn()
    mountWith(() => useSaveKey(save))
    expect(press(keys)).toBe(false)
    expect(save).not.toHaveBeenCalled()
  })

  it('save once while they are held, and nothing after the page has gone', () => {
    const save = vi.fn()
    const wrapper = mountWith(() => useSaveKey(save))
    press({ ctrlKey: true })
    expect(press({ ctrlKey: true, repeat: true })).toBe(true)
    expect(save).toHaveBeenCalledTimes(1)
    wrapper.unmount()
    expect(press({ ctrlKey: true })).toBe(false)
    expect(save).toHaveBeenCalledTimes(1)
  })
})
