import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Within this many pixels of the end the reader counts as being at the newest message. */
const NEAR_END = 48

/** Keeps a list at its end while the reader is there, and keeps what they read in place while the list grows above it. What is no conversation yet (a greeting, questions) is read from its top. */
export function useStickyScroll(scroller: Ref<HTMLElement | null>, content: Ref<HTMLElement | null>, isConversation: () => boolean, isTail: () => boolean = () => true) {
  const isAtEnd = ref(true)
  let observer: ResizeObserver | undefined
  /** Where the box was scrolled to when last looked at, how high its content was and how much of it showed: only a reader moves it up while those stay the same. */
  let last = [0, 0, 0]

  function look(box: HTMLElement): void {
    last = [box.scrollTop, box.scrollHeight, box.clientHeight]
  }

  function toEnd(): void {
    const box = scroller.value
    if (!box) return
    isAtEnd.value = true
    stick(box)
  }

  function stick(box: HTMLElement): void {
    if (isConversation()) box.scrollTop = box.scrollHeight
    look(box)
  }

  function onScroll(): void {
    const box = scroller.value
    if (!box) return
    const isNear = !isConversation() || (isTail() && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END)
    const [top, height, room] = last
    // Content that grows, a box that shrinks (the keyboard), a phone that is turned leave the end too: that was not the reader.
    if (isNear) isAtEnd.value = true
    else if (box.scrollTop < top! - 1 && box.scrollHeight === height && box.clientHeight === room) isAtEnd.value = false
    look(box)
  }

  function onResize(): void {
    const box = scroller.value
    if (!box) return
    if (isAtEnd.value) stick(box)
    else look(box)
  }

  /** Runs `grow`, then puts the first message that was in sight back where it was. */
  async function holding(grow: () => void): Promise<void> {
    const box = scroller.value
    const before = () => box!.getBoundingClientRect().top
    // A bubble, not its row: the day or time before it may come and go.
    const bubbles = [...(content.value?.querySelectorAll('.vb-bubble') ?? [])]
    const anchor = bubbles.find(bubble => bubble.getBoundingClientRect().bottom > (box ? before() : 0))
    const top = anchor?.getBoundingClientRect().top ?? 0
    grow()
    await nextTick()
    if (!box || !anchor?.isConnected) return
    const moved = anchor.getBoundingClientRect().top - top
    if (Math.abs(moved) > 1) box.scrollTop += moved
    look(box)
  }

  onMounted(() => {
    observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(onResize)
    if (scroller.value) observer?.observe(scroller.value)
    if (content.value) observer?.observe(content.value)
    toEnd()
  })
  onBeforeUnmount(() => observer?.disconnect())

  return { isAtEnd, toEnd, onScroll, holding }
}
