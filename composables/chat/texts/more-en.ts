/** The texts of what opens on demand (menu, search, past conversations, "what was missing"), in English. They come with it. */
export const more = {
  whatMissing: 'What was missing? (optional)',
  sendComment: 'Send',
  skip: 'No, thank you',
  thanks: 'Thank you. The team will read it.',
  newFailed: 'A new conversation could not be started. Please try again.',
  faqSearch: 'Search the questions',
  faqNone: 'No question matches. Write yours below.',
  back: 'Back to the conversation',
  download: 'Download the conversation',
  formats: { txt: 'Text', pdf: 'PDF', json: 'JSON' },
  email: 'E-mail me the conversation',
  emailSent: 'On its way to your e-mail address.',
  emailOff: 'E-mail is not set up on this site. Please download the conversation instead.',
  emailFailed: 'The e-mail could not be sent. Please try again.',
  deleteAll: 'Delete my chat data',
  deleteSure: 'All your conversations here will be gone for good, also for us.',
  deleteYes: 'Delete everything',
  deleteNo: 'Keep it',
  deleteFailed: 'It could not be deleted. Please try again.',
  past: 'Earlier conversations',
  pastNone: 'No earlier conversations yet. When you start a new one, this one is kept here.',
  pastFailed: 'Your earlier conversations could not be loaded.',
  messages: (n: number) => `${n} ${n === 1 ? 'message' : 'messages'}`,
  readOnly: 'An earlier conversation, to read only.',
}

export type MoreTexts = typeof more
export default more
