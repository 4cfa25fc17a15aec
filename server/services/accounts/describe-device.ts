import Bowser from 'bowser'

export interface Device {
  /** `Firefox`; null when the user agent names none we know. */
  browser: string | null
  /** `Windows`, `iOS`; null as above. */
  system: string | null
  kind: 'phone' | 'tablet' | 'computer' | 'unknown'
}

const KINDS: Record<string, Device['kind']> = { mobile: 'phone', tablet: 'tablet', desktop: 'computer' }

/** What a person recognises their device by. Versions are left out: they change by themselves and say nothing to anybody. */
export function describeDevice(userAgent: string | null): Device {
  // Bowser throws for an empty one.
  if (!userAgent?.trim()) return { browser: null, system: null, kind: 'unknown' }
  const { browser, os, platform } = Bowser.parse(userAgent)
  return { browser: short(browser.name), system: short(os.name), kind: KINDS[platform.type ?? ''] ?? 'unknown' }
}

/** An unknown browser's name is whatever it calls itself. */
const short = (name: string | undefined) => name?.trim().slice(0, 60) || null
