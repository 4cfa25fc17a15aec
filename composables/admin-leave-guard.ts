import { onBeforeRouteLeave, onBeforeRouteUpdate } from '#imports'
import { onBeforeUnmount, onMounted } from 'vue'
import { useAdminConfirm } from '~/stores/admin-confirm'

/** Asks before a page with unsaved changes is left, inside of the app (a dialog of ours) or out of it (the browser's own). */
export function useLeaveGuard(isUnsaved: () => boolean): void {
  const confirm = useAdminConfirm()
  const mayLeave = async () => !isUnsaved() || confirm.ask({
    title: 'Leave without saving?',
    text: 'What you have changed on this page is not saved yet and would be lost.',
    yes: 'Leave without saving',
    no: 'Stay on this page',
    danger: true,
  })
  onBeforeRouteLeave(mayLeave)
  onBeforeRouteUpdate((to, from) => to.path === from.path || mayLeave())

  const warn = (event: BeforeUnloadEvent) => {
    if (isUnsaved()) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))
}
