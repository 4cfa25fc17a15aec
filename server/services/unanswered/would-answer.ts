import { listOpenGroupTexts } from '#server/db/unanswered'
import { matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import { getChatConfig } from '#server/services/config/chat-config'
import { DRAFT_ID, draftCatalogue, getFaqCatalogue, type FaqCatalogue, type FaqDraft } from '#server/services/faqs/faq-catalogue'
import type { PreviewResult, WouldAnswer } from '#shared/contracts/unanswered'

/** The most asked ones; each costs a question to the matcher. */
const LOOKED_AT = 200

/** Which waiting questions a FAQ would take care of as it is drafted. Stores nothing. */
export async function previewDraft(draft: FaqDraft): Promise<PreviewResult> {
  return waitingFor(draft.id ?? DRAFT_ID, await draftCatalogue(draft))
}

/** Which waiting questions a stored FAQ takes care of now. */
export async function waitingForFaq(faqId: string): Promise<WouldAnswer[]> {
  return (await waitingFor(faqId, await getFaqCatalogue())).items
}

async function waitingFor(faqId: string, { index }: FaqCatalogue): Promise<PreviewResult> {
  const [{ answerStrictness: strictness }, groups] = await Promise.all([getChatConfig(), listOpenGroupTexts(LOOKED_AT)])
  const items: WouldAnswer[] = []
  for (const { id, question, occurrences } of groups) {
    const { decision, ranked } = await matchFaqWithEncoder(index, question, { strictness })
    const place = ranked.findIndex(candidate => candidate.faqId === faqId)
    // Offered among three is a help; only the first is an answer.
    if (decision === 'forward' || place < 0 || place > (decision === 'answer' ? 0 : 2)) continue
    items.push({ id, question, count: occurrences, decision, score: ranked[place]!.score })
  }
  return { items: items.sort((a, b) => Number(a.decision === 'suggest') - Number(b.decision === 'suggest') || b.count - a.count), looked_at: groups.length }
}
