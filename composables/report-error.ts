import { withoutWords } from '#shared/without-words'

/** Of one page: an error in a loop must not become a flood. */
const MOST = 5
const told = new Set<string>()

/**
 * Tells the server of an error of this page, each once, without what somebody wrote: quotations, further lines, queries,
 * e-mail addresses, long numbers and keys stay here. Never fails and never waits: there is nobody to tell of that.
 */
export function reportError(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  const key = `${message}\n${stack}`
  if (told.size >= MOST || told.has(key)) return
  told.add(key)
  void fetch('/api/client-errors', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: bare(message.split('\n')[0]!, 500), stack: stack && bare(framesOf(stack, message), 2000), page: location.pathname }),
    keepalive: true,
  }).catch(() => {})
}

const bare = (text: string, max: number) => withoutWords(text.slice(0, 4 * max))
  .replace(/[^\s@]+@[^\s@/]+\.\p{L}{2,}/gu, '…')
  // Telephone and card numbers, tokens and ids.
  .replace(/\+?\d(?:[ .()-]?\d){6,}/g, '…')
  .replace(/(?=[\w-]*\d)[\w-]{24,}/g, '…')
  .slice(0, max)

/** The lines that name a place in a script; the message, which a stack repeats, is none of them. */
function framesOf(stack: string, message: string): string {
  return stack.replace(message, '').split('\n').filter(line => /^\s*at .*(?::\d+:\d+|<anonymous>|native code|index \d+)\)?$|@.*:\d+:\d+$/.test(line)).join('\n')
}
