import { onBeforeUnmount, onMounted } from 'vue'

/** Ctrl+S and Cmd+S save the page's form instead of the page. */
export function useSaveKey(save: () => void): void {
  const press = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    if (!event.repeat) save()
  }
  onMounted(() => addEventListener('keydown', press))
  onBeforeUnmount(() => removeEventListener('keydown', press))
}
