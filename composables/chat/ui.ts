import { inject, provide, type InjectionKey } from 'vue'
import type { ChatTexts } from './texts'

/** What every part of the panel needs besides the store. */
export interface ChatUi {
  texts: ChatTexts
  /** For Intl. */
  language: string
  /** The bot's name, as the planner set it. */
  botName: () => string
  /** Follows a path of this site. */
  follow: (event: MouseEvent, path: string) => void
  /** Reads a sentence out to people who listen to the page. */
  announce: (sentence: string) => void
}

const key: InjectionKey<ChatUi> = Symbol('chat')

export const provideUi = (ui: ChatUi) => provide(key, ui)

export function useUi(): ChatUi {
  const ui = inject(key)
  if (!ui) throw new Error('A part of the chat stands outside ChatWidget')
  return ui
}
