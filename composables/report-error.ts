/** Of one page: an error in a loop must not become a flood. */
const MOST = 5
const told = new Set<string>()

/** Tells the server of an error of this page, each once. Never fails and never waits: there is nobody to tell of that. */
export function reportError(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  const key = `${message}\n${stack}`
  if (told.size >= MOST || told.has(key)) return
  told.add(key)
  void fetch('/api/client-errors', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: message.slice(0, 500), stack: stack?.slice(0, 2000), page: location.pathname }),
    keepalive: true,
  }).catch(() => {})
}
