import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { takeEntry, useBack } from '~/composables/chat/use-back'
import { useModal } from '~/composables/chat/use-modal'
import { useStickyScroll } from '~/composables/chat/use-sticky-scroll'

describe('a panel over the whole screen', () => {
  const isModal = ref(false)
  const isThere = ref(true)

  function mounted() {
    document.body.innerHTML = '<header id="site"></header><main id="held" inert></main><script id="code"></script><p id="live" data-chat-live></p><div id="host"></div>'
    return mount(defineComponent({
      setup() {
        const panel = ref<HTMLElement | null>(null)
        useModal(panel, () => isModal.value)
        return () => h('div', [h('button', { id: 'launcher' }), isThere.value ? h('section', { id: 'panel', ref: panel }) : null])
      },
    }), { attachTo: '#host' })
  }
  const silenced = () => [...document.querySelectorAll('[inert]')].map(element => element.id)
  const isHeld = () => document.documentElement.classList.contains('vb-page-held')

  beforeEach(() => {
    isModal.value = false
    isThere.value = true
  })

  it('puts the rest of the page out of reach while it is there, but what is read out', async () => {
    mounted()
    await nextTick()
    expect([silenced(), isHeld()]).toEqual([['held'], false])
    isModal.value = true
    await nextTick()
    expect([silenced(), isHeld()]).toEqual([['site', 'held', 'launcher'], true])
    isModal.value = false
    await nextTick()
    // What somebody else had put out of reach stays so.
    expect([silenced(), isHeld()]).toEqual([['held'], false])
  })

  it('gives the page back when it closes or is removed', async () => {
    isModal.value = true
    const wrapper = mounted()
    await nextTick()
    expect(isHeld()).toBe(true)
    isThere.value = false
    await nextTick()
    expect([silenced(), isHeld()]).toEqual([['held'], false])
    isThere.value = true
    await nextTick()
    expect(isHeld()).toBe(true)
    wrapper.unmount()
    expect([silenced(), isHeld()]).toEqual([['held'], false])
  })
})

describe('the place in a list of messages', () => {
  /** A box of 400 pixels; each message is 100 high. happy-dom measures nothing, so this does. */
  const HEIGHT = 400
  let messages: number
  let isConversation: boolean
  let isTail: boolean
  let box: HTMLElement
  let content: HTMLElement
  let resize: () => void
  const disconnected = vi.fn()
  let scroll: ReturnType<typeof useStickyScroll>

  function draw() {
    content.replaceChildren(...Array.from({ length: messages }, (_, index) => {
      const bubble = content.children[index] ?? document.createElement('p')
      bubble.className = 'vb-bubble'
      return bubble
    }))
    measure()
  }
  function measure() {
    for (const [index, bubble] of [...content.children].entries()) {
      const top = () => index * 100 - box.scrollTop
      bubble.getBoundingClientRect = () => ({ top: top(), bottom: top() + 100 }) as DOMRect
    }
  }
  const grow = (by: number) => {
    messages += by
    draw()
    resize()
  }
  const scrollTo = (top: number) => {
    box.scrollTop = top
    scroll.onScroll()
  }

  function mounted(count = 10) {
    messages = count
    const wrapper = mount(defineComponent({
      setup() {
        const boxRef = ref<HTMLElement | null>(null)
        const contentRef = ref<HTMLElement | null>(null)
        scroll = useStickyScroll(boxRef, contentRef, () => isConversation, () => isTail)
        return () => h('div', {
          ref: (element) => {
            if (!element || boxRef.value) return
            box = boxRef.value = element as HTMLElement
            Object.defineProperties(box, { scrollHeight: { get: () => messages * 100 }, clientHeight: { get: () => HEIGHT } })
            let at = 0
            Object.defineProperty(box, 'scrollTop', { get: () => at, set: (to: number) => at = Math.max(0, Math.min(to, messages * 100 - HEIGHT)) })
            box.getBoundingClientRect = () => ({ top: 0 }) as DOMRect
          },
        }, h('div', { ref: element => void (contentRef.value = content = element as HTMLElement) }))
      },
    }), { attachTo: document.body })
    draw()
    return wrapper
  }

  beforeEach(() => {
    isConversation = true
    isTail = true
    disconnected.mockClear()
    vi.stubGlobal('ResizeObserver', class {
      constructor(callback: () => void) {
        resize = callback
      }

      observe() {}
      disconnect = disconnected
    })
    return () => vi.unstubAllGlobals()
  })

  it('is the end, and stays it while messages come', () => {
    mounted()
    expect([box.scrollTop, scroll.isAtEnd.value]).toEqual([600, true])
    grow(2)
    expect(box.scrollTop).toBe(800)
  })

  it('is the reader’s own once they have scrolled up, until they come back or ask for the end', () => {
    mounted()
    scrollTo(300)
    expect(scroll.isAtEnd.value).toBe(false)
    grow(2)
    expect(box.scrollTop).toBe(300)
    scrollTo(760)
    expect(scroll.isAtEnd.value).toBe(true)
    grow(1)
    expect(box.scrollTop).toBe(900)
    scrollTo(0)
    scroll.toEnd()
    expect([box.scrollTop, scroll.isAtEnd.value]).toEqual([900, true])
  })

  it('is still the end when the box itself moved away from it, which no reader did', () => {
    mounted()
    messages += 3
    scroll.onScroll()
    expect(scroll.isAtEnd.value).toBe(true)
    resize()
    expect(box.scrollTop).toBe(900)
  })

  it('is still the end when a phone is turned: the text is laid out anew, and the browser itself moves the box', () => {
    mounted()
    messages = 7
    scrollTo(300)
    messages = 15
    scrollTo(300)
    expect(scroll.isAtEnd.value).toBe(true)
    resize()
    expect(box.scrollTop).toBe(1100)
    scrollTo(500)
    expect(scroll.isAtEnd.value).toBe(false)
  })

  it('is not the end where newer messages are not drawn yet', () => {
    mounted()
    isTail = false
    scrollTo(400)
    scrollTo(600)
    expect(scroll.isAtEnd.value).toBe(false)
  })

  it('is the top of what is no conversation yet', () => {
    isConversation = false
    mounted()
    expect([box.scrollTop, scroll.isAtEnd.value]).toEqual([0, true])
    grow(5)
    expect(box.scrollTop).toBe(0)
    scrollTo(500)
    expect(scroll.isAtEnd.value).toBe(true)
  })

  it('is held at the message in sight while earlier ones are put above it', async () => {
    mounted()
    scrollTo(250)
    await scroll.holding(() => {
      messages += 5
      content.prepend(...Array.from({ length: 5 }, () => Object.assign(document.createElement('p'), { className: 'vb-bubble' })))
      measure()
    })
    expect(box.scrollTop).toBe(750)
  })

  it('is left alone when what was in sight is gone', async () => {
    mounted()
    scrollTo(250)
    await scroll.holding(() => content.replaceChildren())
    expect(box.scrollTop).toBe(250)
  })

  it('is watched no longer once the list has gone', () => {
    const wrapper = mounted()
    wrapper.unmount()
    expect(disconnected).toHaveBeenCalledTimes(1)
  })
})

describe('Back, where the panel fills the screen', () => {
  const entry = { position: 3 }
  const pushed = vi.spyOn(history, 'pushState').mockImplementation(() => {})
  const wentBack = vi.spyOn(history, 'back').mockImplementation(() => {})
  const arrive = () => dispatchEvent(new Event('popstate'))

  function opened({ fillsScreen = true, isByHand = true } = {}) {
    const close = vi.fn()
    const wrapper = mount(defineComponent({ setup: () => (useBack(() => fillsScreen, isByHand, close), () => h('p')) }))
    return { close, unmount: () => wrapper.unmount() }
  }

  beforeEach(() => {
    vi.spyOn(history, 'state', 'get').mockReturnValue(entry)
    pushed.mockClear()
    wentBack.mockClear()
  })

  it('closes it and needs nothing more: the page stays', () => {
    const { close, unmount } = opened()
    // What a router keeps there stays.
    expect(pushed.mock.calls).toEqual([[entry, '']])
    arrive()
    expect(close).toHaveBeenCalledOnce()
    unmount()
    expect(wentBack).not.toHaveBeenCalled()
  })

  it('finds no entry of a panel that was closed in another way', () => {
    const { close, unmount } = opened()
    unmount()
    expect(wentBack).toHaveBeenCalledOnce()
    arrive()
    expect(close).not.toHaveBeenCalled()
  })

  it('is kept for a panel that is opened again before the way back has ended', () => {
    opened().unmount()
    const again = opened()
    expect(pushed).toHaveBeenCalledOnce()
    arrive()
    expect(again.close).not.toHaveBeenCalled()
    expect(pushed).toHaveBeenCalledTimes(2)
    arrive()
    expect(again.close).toHaveBeenCalledOnce()
    again.unmount()
    expect(wentBack).toHaveBeenCalledOnce()
  })

  it('leaves the entry to the page that a link leads to', () => {
    const { unmount } = opened()
    expect(takeEntry()).toBe(true)
    expect(takeEntry()).toBe(false)
    unmount()
    expect(wentBack).not.toHaveBeenCalled()
  })

  it('has no entry where nobody asked for the panel or the page is beside it', () => {
    const restored = opened({ isByHand: false })
    arrive()
    expect(restored.close).toHaveBeenCalledOnce()
    restored.unmount()
    const beside = opened({ fillsScreen: false })
    arrive()
    expect(beside.close).not.toHaveBeenCalled()
    beside.unmount()
    expect([pushed, wentBack].flatMap(({ mock }) => mock.calls)).toEqual([])
  })
})
