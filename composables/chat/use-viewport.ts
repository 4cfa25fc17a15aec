import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'

/**
 * Whether the chat fills the screen, and where on a phone the part of the page is that the on-screen keyboard leaves free
 * (`interactive-widget` alone does not help on iOS).
 */
export function useViewport() {
  const query = matchMedia('(max-width: 480px)')
  const isPhone = ref(query.matches)
  const free = shallowRef<{ height: string, transform: string } | null>(null)

  function measure(): void {
    isPhone.value = query.matches
    const view = window.visualViewport
    // Pinched in: the reader is looking closely, the panel must not shrink under them.
    free.value = query.matches && view && view.scale < 1.05 ? { height: `${view.height}px`, transform: `translateY(${Math.max(0, view.offsetTop)}px)` } : null
  }

  onMounted(() => {
    measure()
    query.addEventListener('change', measure)
    window.visualViewport?.addEventListener('resize', measure)
    window.visualViewport?.addEventListener('scroll', measure)
  })
  onBeforeUnmount(() => {
    query.removeEventListener('change', measure)
    window.visualViewport?.removeEventListener('resize', measure)
    window.visualViewport?.removeEventListener('scroll', measure)
  })
  return { isPhone, free }
}
