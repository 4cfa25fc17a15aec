import { computed, ref, watch } from 'vue'
import type { ChatMessage } from '#shared/contracts/chat'
import { toRows } from './messages'

/** At first a screen's worth and a little: opening draws half as much, and the rest of a step follows in a task of its own. */
const FIRST = 12
const STEP = 25
/** Drawing more than this at once makes long conversations heavy; a screen shows about ten. */
const MOST = 125

/**
 * The part of a long conversation that is drawn: it follows the newest message, or moves up and down with the reader.
 * @param isAtEnd whether the reader is at the newest message
 */
export function useWindow(messages: () => ChatMessage[], isAtEnd: () => boolean) {
  const size = ref(FIRST)
  /** The last `seq` drawn; null follows the newest. */
  const lastDrawn = ref<number | null>(null)

  const to = computed(() => (lastDrawn.value === null ? messages().length : Math.min(messages().length, lastDrawn.value - (messages()[0]?.seq ?? 1) + 1)))
  const from = computed(() => Math.max(0, to.value - size.value))
  // One message more than is drawn: whether a day or a time stands before the first depends on it.
  const rows = computed(() => toRows(messages().slice(Math.max(0, from.value - 1), to.value)).slice(from.value > 0 ? 1 : 0))

  /** A whole step, once the first screen stands. */
  function fill(): void {
    size.value = Math.max(size.value, STEP)
  }

  function up(): void {
    // At the very top nothing is to be gained, and moving further would end at the newest message.
    if (!from.value) return
    if (size.value + STEP > MOST) lastDrawn.value = messages()[to.value - 1 - Math.min(STEP, from.value)]?.seq ?? null
    size.value = Math.min(MOST, size.value + STEP)
  }

  function down(): void {
    const next = messages()[to.value - 1 + STEP]
    lastDrawn.value = next ? next.seq : null
    size.value = Math.min(MOST, size.value + STEP)
  }

  function toTail(): void {
    if (lastDrawn.value !== null) size.value = STEP
    lastDrawn.value = null
  }

  // New messages take nothing away above a reader who is further up.
  watch(() => messages().at(-1)?.seq ?? 0, (last, before) => {
    if (lastDrawn.value === null && last > before && !isAtEnd()) size.value = Math.min(MOST, size.value + last - before)
  })

  return {
    rows,
    hasMoreAbove: computed(() => from.value > 0),
    hasMoreBelow: computed(() => lastDrawn.value !== null),
    fill,
    up,
    down,
    toTail,
    reset: () => {
      lastDrawn.value = null
      size.value = STEP
    },
  }
}
