import { onBeforeUnmount, onMounted } from 'vue'

/** The page's history holds an entry of ours on top, that Back takes away. */
let isHeld = false
/** We are taking it away ourselves, which ends with a `popstate` of its own. */
let isReleasing = false
let isListening = false
let onBack: (() => void) | undefined

function push(): void {
  // What a router keeps there stays: for it nothing has changed.
  history.pushState({ ...history.state }, '')
  isHeld = true
}

function popped(): void {
  if (!isReleasing) {
    isHeld = false
    onBack?.()
    return
  }
  isReleasing = false
  // Opened again in the meantime.
  if (onBack) push()
}

/** Gives up the entry without going back, for somebody who replaces it by the next page. Says whether there was one. */
export function takeEntry(): boolean {
  const had = isHeld
  isHeld = false
  return had
}

/**
 * Where the panel fills the screen, Back closes it and leaves the page as it is: opening adds an entry to the history,
 * closing in any other way takes it back. Without one (restored after a reload) Back also leads to the page before.
 * @param fillsScreen whether it hides the page
 * @param isByHand opened by the customer; browsers skip entries that nobody asked for
 */
export function useBack(fillsScreen: () => boolean, isByHand: boolean, close: () => void): void {
  const back = () => {
    if (fillsScreen()) close()
  }
  onMounted(() => {
    onBack = back
    if (!isListening) addEventListener('popstate', popped)
    isListening = true
    if (isByHand && fillsScreen() && !isReleasing) push()
  })
  onBeforeUnmount(() => {
    if (onBack === back) onBack = undefined
    if (!takeEntry()) return
    isReleasing = true
    history.back()
  })
}
