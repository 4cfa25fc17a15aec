import { onBeforeUnmount, ref } from 'vue'

export interface DragSteps {
  /** The rows in their order. */
  rows: () => HTMLElement[]
  move: (from: number, to: number) => void
  drop: () => void
  cancel: () => void
}

/** Dragging a row by its handle: the others make room at once. The keyboard has its own way, so this is for pointers only. */
export function useDrag({ rows, move, drop, cancel }: DragSteps) {
  /** The row being dragged; -1: none. */
  const dragged = ref(-1)

  function over(event: PointerEvent) {
    const all = rows()
    const height = innerHeight
    if (event.clientY < 80) scrollBy(0, -12)
    else if (event.clientY > height - 80) scrollBy(0, 12)
    let target = all.findIndex((row) => {
      const { top, height: own } = row.getBoundingClientRect()
      return event.clientY < top + own / 2
    })
    if (target < 0) target = all.length
    // Past its own place the row leaves a gap behind, so everything after it counts one less.
    if (target > dragged.value) target--
    if (target === dragged.value) return
    move(dragged.value, target)
    dragged.value = target
  }

  function end(isKept: boolean) {
    removeEventListener('pointermove', over)
    removeEventListener('pointerup', up)
    removeEventListener('pointercancel', abort)
    removeEventListener('keydown', escape, true)
    dragged.value = -1
    if (isKept) drop()
    else cancel()
  }
  const up = () => end(true)
  const abort = () => end(false)
  const escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end(false)
  }

  /** On the handle's pointerdown. On the window, because the row itself moves in the document while it is dragged. */
  function start(event: PointerEvent, index: number) {
    if (event.button !== 0 || dragged.value >= 0) return
    dragged.value = index
    addEventListener('pointermove', over)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', abort)
    addEventListener('keydown', escape, true)
  }

  onBeforeUnmount(() => {
    if (dragged.value >= 0) end(false)
  })
  return { dragged, start }
}
