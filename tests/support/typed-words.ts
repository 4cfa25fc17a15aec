import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { BrowserContext, Request } from '@playwright/test'

/*
 * What people type in the browser stories, and what lets them in: none of it may be in the server's log. The workers note
 * it in a file, and whoever ends a server looks.
 */
const SECRET = new Set(['message_text', 'text', 'comment', 'password', 'current_password', 'new_password', 'rag_api_key', 'question', 'answer', 'greeting', 'fallback_message', 'rag_system_prompt'])
/** A shorter word may stand in a log by chance. */
const SHORTEST = 8

export function noteWords(words: (string | undefined)[]): void {
  const lines = words.filter((word): word is string => word !== undefined && word.trim().length >= SHORTEST).map(word => JSON.stringify(word.trim()))
  if (lines.length && process.env.E2E_WORDS) appendFileSync(process.env.E2E_WORDS, `${lines.join('\n')}\n`)
}

/** Notes what the pages of a context send, and the cookies they hold. */
export function watchWords(context: BrowserContext): { end: () => Promise<void> } {
  context.on('request', (request: Request) => {
    if (request.method() === 'GET' || !request.url().includes('/api/')) return
    noteWords(secretsIn(request.postData()))
  })
  return {
    end: async () => noteWords((await context.cookies()).filter(cookie => cookie.httpOnly).map(cookie => cookie.value)),
  }
}

function secretsIn(body: string | null): string[] {
  try {
    const found: string[] = []
    JSON.parse(body ?? '', (key, value: unknown) => {
      if (typeof value === 'string' && SECRET.has(key)) found.push(value)
      return value
    })
    return found
  }
  catch {
    return []
  }
}

/** The noted words that a log has, each with its line. `asked`: how many were looked for. */
export function wordsInLog(log: string): { asked: number, found: string[] } {
  const file = process.env.E2E_WORDS
  const words = [...new Set(file && existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(line => JSON.parse(line) as string) : [])]
  const lines = log.split('\n')
  // In the log a text would stand as JSON has it.
  const shapes = (word: string) => [word, JSON.stringify(word).slice(1, -1), encodeURIComponent(word)]
  const found = words.flatMap((word) => {
    const line = lines.find(each => shapes(word).some(shape => each.includes(shape)))
    return line ? [`${JSON.stringify(word)} in: ${line.slice(0, 500)}`] : []
  })
  return { asked: words.length, found }
}
