import { env } from '#server/core/env'
import { PersonalDataMask } from '../personal-data/mask'
import { askRag, type AskOptions } from './ask-rag'
import type { RagOutcome, RagQuestion, RagRating, RagSettings } from './rag-client'

/** As `askRag`, with placeholders for personal data in question and history, and the data put back in the answer. */
export async function askMasked(question: RagQuestion, settings: RagSettings, options: AskOptions): Promise<RagOutcome> {
  const mask = new PersonalDataMask({ secret: env().AUTH_SECRET, conversationId: question.conversationId }, [question.text, ...question.history.map(message => message.text)])
  const masked = { ...question, text: mask.mask(question.text), history: question.history.map(message => ({ ...message, text: mask.mask(message.text) })) }
  const outcome = await askRag(masked, settings, options)
  if (outcome.kind !== 'answer' || !mask.size) return outcome
  return { ...outcome, text: mask.restore(outcome.text), citations: outcome.citations.map(citation => ({ ...citation, title: citation.title && mask.restore(citation.title) })) }
}

/** The rating with placeholders in its comment; a value that the conversation had has the same one there. */
export function maskRating(rating: RagRating): RagRating {
  const { comment, conversationId } = rating
  if (!comment) return rating
  return { ...rating, comment: new PersonalDataMask({ secret: env().AUTH_SECRET, conversationId }, [comment]).mask(comment) }
}
