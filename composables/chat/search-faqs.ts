import type { ChatFaq } from '#shared/contracts/chat'

/** Without case and accents, so that "κρατηση" finds «κράτηση». */
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/** The FAQs that hold every word typed so far; those with all of them in the question come first. */
export function searchFaqs(faqs: ChatFaq[], query: string): ChatFaq[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (!words.length) return faqs
  const holds = (text: string) => words.every(word => text.includes(word))
  const inQuestion = faqs.filter(faq => holds(fold(faq.question)))
  const elsewhere = faqs.filter(faq => !inQuestion.includes(faq) && holds(fold(`${faq.question} ${faq.answer}`)))
  return [...inQuestion, ...elsewhere]
}
