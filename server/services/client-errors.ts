import { env } from '#server/core/env'
import { log } from '#server/core/log'
import type { ClientError } from '#shared/contracts/client-errors'
import { withoutWords } from '#shared/without-words'
import { PersonalDataMask } from './answering/personal-data/mask'
import { countClientError } from './metrics'

const MESSAGE_MAX = 300
const STACK_MAX = 2_000
const PAGE_MAX = 200

/** Writes a browser's error to the log and counts it. */
export function noteClientError({ message, stack, page }: ClientError): void {
  countClientError()
  log.warn({
    client_error: bare(message, MESSAGE_MAX),
    // Its first line repeats the message.
    client_stack: stack && bare(stack.split('\n').filter(line => /^\s*at |@|:\d+:\d+/.test(line)).join('\n'), STACK_MAX),
    page: page?.split(/[?#]/)[0]!.slice(0, PAGE_MAX),
  }, 'An error in a browser')
}

/** Our pages leave out what somebody wrote; whoever else calls may not. */
function bare(text: string, max: number): string {
  return new PersonalDataMask({ secret: env().AUTH_SECRET, conversationId: 'client errors' }, []).mask(withoutWords(text.slice(0, 4 * max))).slice(0, max)
}
