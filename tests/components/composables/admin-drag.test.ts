import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useDrag } from '~/composables/admin-drag'

const calls = { move: vi.fn(), drop: vi.fn(), cancel: vi.fn() }
const scrolled = vi.fn()
let drag: ReturnType<typeof useDrag>

/** Five rows of 40 pixels, one below the other from 100 on. */
const rows = () => Array.from({ length: 5 }, (_, index) => {
  const row = document.createElement('li')
  row.getBoundingClientRect = () => ({ top: 100 + index * 40, height: 40 }) as DOMRect
  return row
})

function mounted() {
  return mount(defineComponent({
    setup() {
      drag = useDrag({ rows, ...calls })
      return () => h('div')
    },
  }))
}
const point = (type: string, clientY = 0) => dispatchEvent(Object.assign(new Event(type), { clientY }))
const press = (index: number, button = 0) => drag.start({ button } as PointerEvent, index)

beforeEach(() => {
  vi.clearAllMocks()
  vi.stubGlobal('scrollBy', scrolled)
  vi.stubGlobal('innerHeight', 600)
  return () => vi.unstubAllGlobals()
})

describe('dragging a row', () => {
  it('makes room at the half of each row it passes, down and up, and drops where it is', () => {
    mounted()
    press(1)
    expect(drag.dragged.value).toBe(1)
    point('pointermove', 165)
    expect(calls.move).not.toHaveBeenCalled()
    point('pointermove', 205)
    point('pointermove', 206)
    point('pointermove', 105)
    expect(calls.move.mock.calls).toEqual([[1, 2], [2, 0]])
    point('pointerup')
    expect([calls.drop.mock.calls.length, calls.cancel.mock.calls.length, drag.dragged.value]).toEqual([1, 0, -1])
  })

  it('below the last row means the last place', () => {
    mounted()
    press(0)
    point('pointermove', 500)
    expect(calls.move.mock.calls).toEqual([[0, 4]])
  })

  it('scrolls the page at its edges', () => {
    mounted()
    press(2)
    point('pointermove', 70)
    point('pointermove', 560)
    point('pointermove', 300)
    expect(scrolled.mock.calls).toEqual([[0, -12], [0, 12]])
  })

  it.each([
    ['Escape', () => dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))],
    ['the system taking the pointer', () => point('pointercancel')],
  ])('is cancelled by %s, and listens no more', (_, cancel) => {
    mounted()
    press(1)
    dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
    expect(calls.cancel).not.toHaveBeenCalled()
    cancel()
    expect([calls.cancel.mock.calls.length, calls.drop.mock.calls.length, drag.dragged.value]).toEqual([1, 0, -1])
    point('pointermove', 500)
    point('pointerup')
    expect([calls.move.mock.calls.length, calls.drop.mock.calls.length]).toEqual([0, 0])
  })

  it('is cancelled when the page is left', () => {
    const wrapper = mounted()
    press(1)
    wrapper.unmount()
    expect(calls.cancel).toHaveBeenCalledTimes(1)
  })

  it('begins with the main button only, and one row at a time', () => {
    const wrapper = mounted()
    press(1, 2)
    expect(drag.dragged.value).toBe(-1)
    press(1)
    press(3)
    expect(drag.dragged.value).toBe(1)
    point('pointerup')
    wrapper.unmount()
    expect(calls.cancel).not.toHaveBeenCalled()
  })
})
