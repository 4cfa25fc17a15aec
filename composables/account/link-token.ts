import { onMounted, ref } from 'vue'

/**
 * The token that a link from an e-mail carries in its fragment, which no server sees. It is taken out of the address at
 * once, so that neither the history nor a shared screen keeps it. null until the page is in the browser; '' without one.
 */
export function useLinkToken() {
  const token = ref<string | null>(null)
  onMounted(() => {
    token.value = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
    if (token.value) history.replaceState(history.state, '', location.pathname)
  })
  return token
}
