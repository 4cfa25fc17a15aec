import { env } from '#server/core/env'
import { log } from '#server/core/log'
import type { ClientError } from '#shared/contracts/client-errors'
import { PersonalDataMask } from './answering/personal-data/mask'
import { countClientError } from './metrics'

const MESSAGE_MAX = 300
const STACK_MAX = 2_000
const PAGE_MAX = 200

/** Writes a browser's error to the log and counts it. */
export function noteClientError({ message, stack, page }: ClientError): void {
  countClientError()
  log.warn({
    client_error: withoutWords(message, MESSAGE_MAX),
    // Its first line repeats the message.
    client_stack: stack && withoutWords(stack.split('\n').filter(line => /^\s*at |@|:\d+:\d+/.test(line)).join('\n'), STACK_MAX),
    page: page?.split(/[?#]/)[0]!.slice(0, PAGE_MAX),
  }, 'An error in a browser')
}

/**
 * What somebody wrote can be in an error: JSON.parse quotes its input, an address has a search in it. So quotations,
 * queries and personal data go, and control characters, which could pretend to be another line.
 */
function withoutWords(text: string, max: number): string {
  const bare = text.slice(0, 4 * max)
    .replace(/"[^"]*"?|“[^”]*”?|«[^»]*»?|`[^`]*`?/g, '"…"')
    .replace(/'[^'\n]{30,}'?/g, '\'…\'')
    .replace(/[?#][^\s:)]*/g, '')
    .replace(/[^\P{Cc}\n]/gu, ' ')
  return new PersonalDataMask({ secret: env().AUTH_SECRET, conversationId: 'client errors' }, []).mask(bare).slice(0, max)
}
