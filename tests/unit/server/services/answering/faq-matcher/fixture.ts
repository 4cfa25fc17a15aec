import { buildFaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import type { MatcherFaq } from '#server/services/answering/faq-matcher/types'

export const faqs: MatcherFaq[] = [
  { id: 'cost', question: 'What is the typical cost of your services?', answer: 'Full planning starts at 3,500 euros.', phrasings: ['How much do you charge?', 'What are your prices?'] },
  { id: 'rain', question: 'What happens if it rains?', answer: 'Every outdoor booking comes with a free indoor backup.', phrasings: ['Is there a plan B for bad weather?', 'Can we rent a marquee?'] },
  { id: 'parking', question: 'Is there parking at the venue?', answer: 'There is free parking for 80 cars.', phrasings: ['Where can guests park?', 'Can I leave my car overnight?'] },
  { id: 'cake', question: 'Do you provide the wedding cake?', answer: 'Our pastry partner bakes it to your design.', phrasings: ['Can we bring our own cake?', 'What cake flavours are available?'] },
  { id: 'cancel', question: 'What is your cancellation policy?', answer: 'Deposits are non-refundable.', phrasings: ['What happens if we cancel?', 'Do I get a refund if the wedding is called off?'] },
  { id: 'invoice', question: 'Where can I find my invoices and receipts?', answer: 'Go to Account, then Billing.', phrasings: ['How do I download an invoice?', 'Can I get a receipt?'] },
  { id: 'music', question: 'Can we have a live band or DJ, and until what time?', answer: 'Amplified music outside must stop at 23:00.', phrasings: ['Can we bring our own DJ?', 'Is there a sound limit?'] },
  { id: 'login', question: 'I cannot log in to my planner account', answer: 'Use "Forgot password" on the sign-in page.', phrasings: ['How do I reset my password?', 'My login does not work'] },
]

export const greekFaqs: MatcherFaq[] = [
  { id: 'pay', question: 'Ποιους τρόπους πληρωμής δέχεστε;', answer: 'Κάρτα, κατάθεση ή μετρητά.', phrasings: ['Μπορώ να πληρώσω με κάρτα;'] },
  { id: 'cancel', question: 'Ποια είναι η πολιτική ακύρωσης;', answer: '', phrasings: ['Τι γίνεται αν ακυρώσουμε;'] },
  { id: 'flowers', question: 'Αναλαμβάνετε λουλούδια και διακόσμηση;', answer: '', phrasings: ['Μπορείτε να κάνετε τον ανθοστολισμό;'] },
  { id: 'parking', question: 'Υπάρχει πάρκινγκ στο κτήμα;', answer: '', phrasings: ['Πού παρκάρουν οι καλεσμένοι;'] },
]

export const index = buildFaqIndex(faqs)
export const greekIndex = buildFaqIndex(greekFaqs)
