import type { ConfigFields } from '#server/db/config'

/** The config of a new site. The admin's form shows it and changes it. */
export const defaultConfig = {
  botName: 'VasiliasBot',
  greeting: 'Hello, I am VasiliasBot. Ask me about venues, menus, prices or your plan, or pick one of the questions below.',
  fallbackMessage: 'I’m not sure about that one. I have noted your question, and our planners read every one of them; you can also write to us and we will answer within one working day.',
  contactEmail: 'hello@vasilias-weddings.example',
  accentColor: null,
  pollingIntervalMs: 2500,
  ragApiFormat: 'plain',
  ragMaxInFlight: 32,
  ragTimeoutMs: 10_000,
  ragLateAnswerMs: 30_000,
  answerStrictness: 'balanced',
} as const satisfies ConfigFields
