import { useRequestHeaders, useState } from '#imports'
import { preferredLanguage, type Language } from '#shared/language'
import el from './el'
import en, { type AccountTexts } from './en'

export type { AccountTexts } from './en'

/** The language of the pages around signing in: the browser's, as the server was told it, so that both render the same. */
export function useLanguage(): Language {
  return useState<Language>('language', () => preferredLanguage(import.meta.server ? useRequestHeaders(['accept-language'])['accept-language'] : globalThis.navigator?.languages?.join(','))).value
}

export function useAccountTexts(): AccountTexts {
  return useLanguage() === 'el' ? el : en
}
