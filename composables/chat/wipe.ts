/**
 * Sign-out: removes what the chat keeps in this browser for the customer at the computer. Other tabs see it happen and
 * forget theirs too. Small and on its own, so that a page can call it without loading the chat.
 */
export function wipeChatCopies(): void {
  try {
    const owner = localStorage.getItem('vasiliasbot:owner')
    if (!owner) return
    const mine = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)!).filter(key => key.startsWith(`vasiliasbot:${owner}:`))
    for (const key of [...mine, 'vasiliasbot:owner']) localStorage.removeItem(key)
  }
  catch { /* Storage is switched off: nothing was kept. */ }
}
