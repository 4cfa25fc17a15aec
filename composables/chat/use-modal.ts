import { onBeforeUnmount, watch, type Ref } from 'vue'

/** While `isModal`, everything on the page but `element` is out of reach, and the page behind does not scroll. */
export function useModal(element: Ref<HTMLElement | null>, isModal: () => boolean) {
  let silenced: Element[] = []

  function release(): void {
    for (const other of silenced) other.removeAttribute('inert')
    silenced = []
    document.documentElement.classList.remove('vb-page-held')
  }

  function hold(): void {
    for (let node: Element | null = element.value; node && node !== document.body; node = node.parentElement) {
      for (const other of node.parentElement?.children ?? []) {
        if (other === node || other.hasAttribute('inert') || /^(?:SCRIPT|STYLE|LINK)$/.test(other.tagName) || other.hasAttribute('data-chat-live')) continue
        other.setAttribute('inert', '')
        silenced.push(other)
      }
    }
    document.documentElement.classList.add('vb-page-held')
  }

  watch([element, isModal], ([node, modal]) => {
    release()
    if (node && modal) hold()
  }, { flush: 'post', immediate: true })
  onBeforeUnmount(release)
}
