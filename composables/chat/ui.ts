import { defineAsyncComponent, inject, provide, type Component, type InjectionKey } from 'vue'
import { loadPatiently } from './load-patiently'
import type { ChatTexts } from './texts'
import { loadMoreTexts, type MoreTexts } from './texts/more'

/** What every part of the panel needs besides the store. */
export interface ChatUi {
  texts: ChatTexts
  /** The texts of the parts that open on demand; each finds them here (`onDemand`). */
  more?: MoreTexts
  /** For Intl. */
  language: string
  /** The bot's name, as the planner set it. */
  botName: () => string
  /** That no person answers just now and when one does again; null while one does. */
  away: () => string | null
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

/** A part that a conversation does without: fetched when it is first drawn, with the texts of its kind. */
export function onDemand<Part extends Component>(load: () => Promise<{ default: Part }>): Part {
  const ui = useUi()
  return defineAsyncComponent(async () => {
    const [part, more] = await Promise.all([loadPatiently(load), ui.more ?? loadMoreTexts(ui.language)])
    ui.more = more
    return part
  }) as Part
}

/** `useUi` for the parts that open on demand, whose texts have come with them. */
export const useMoreUi = () => useUi() as ChatUi & { more: MoreTexts }
