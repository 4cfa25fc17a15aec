/** What a page dispatches on `window` to have the chat opened, without importing any of the chat's code. */
export const CHAT_REQUESTED = 'vasiliasbot:open'

export function requestChat() {
  window.dispatchEvent(new CustomEvent(CHAT_REQUESTED))
}
