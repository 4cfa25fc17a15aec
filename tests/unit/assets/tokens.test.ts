import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('assets/css/tokens.css', 'utf8')
const themes = ['light', 'dark'] as const
type Theme = typeof themes[number]

const roles = new Map<string, Record<Theme, string>>()
for (const [, name, light, dark] of css.matchAll(/--((?:color|art)-[\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)) {
  roles.set(name!, { light: light!, dark: dark! })
}

function colour(role: string, theme: Theme): string {
  const value = roles.get(role)?.[theme]
  if (!value) throw new Error(`tokens.css has no colour ${role}`)
  return value
}

/** Relative luminance after WCAG 2.1. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light! + 0.05) / (dark! + 0.05)
}

const grounds = ['color-sunken', 'color-ground', 'color-surface']
const softGrounds = ['color-accent-soft', 'color-blush-soft', 'color-positive-soft', 'color-warning-soft', 'color-danger-soft']
const textPairs: [text: string, background: string][] = [
  ...['color-text', 'color-muted', 'color-link'].flatMap(text => [...grounds, ...softGrounds].map(ground => [text, ground] as [string, string])),
  ...['positive', 'warning', 'danger'].flatMap(meaning => [...grounds, `color-${meaning}-soft`].map(ground => [`color-${meaning}`, ground] as [string, string])),
  ['color-accent-text', 'color-accent'],
  ['color-accent-text', 'color-accent-hover'],
  ['color-accent-text', 'color-blush'],
]

describe.each(themes)('the %s theme', (theme) => {
  it.each(textPairs)('shows %s on %s at 4.5:1 or more', (text, background) => {
    expect(contrast(colour(text, theme), colour(background, theme))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(grounds)('draws the edge of a control and the focus ring at 3:1 or more on %s', (ground) => {
    expect(contrast(colour('color-control', theme), colour(ground, theme))).toBeGreaterThanOrEqual(3)
    expect(contrast(colour('color-focus', theme), colour(ground, theme))).toBeGreaterThanOrEqual(3)
  })
})

describe('the colours of charts', () => {
  const charts = [...readFileSync('assets/css/admin.css', 'utf8').matchAll(/--chart-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)]

  it.each(charts.map(([, name, light, dark]) => [name!, { light: light!, dark: dark! }] as const))('%s stands out from the surface', (_, values) => {
    for (const theme of themes) expect(contrast(values[theme], colour('color-surface', theme))).toBeGreaterThanOrEqual(3)
  })

  it('are all there', () => expect(charts.length).toBeGreaterThanOrEqual(5))
})

describe('the token file', () => {
  it('gives every colour role both a light and a dark value', () => {
    const named = [...css.matchAll(/^\s+--(color-[\w-]+): (?!var)/gm)].map(match => match[1]!)
    const translucent = ['color-scrim']
    expect(named.filter(name => !roles.has(name) && !translucent.includes(name))).toEqual([])
  })

  it('leaves no colour with text on it outside the pairs above', () => {
    const tested = new Set(textPairs.flat())
    const edgesOnly = ['color-hairline', 'color-control', 'color-focus']
    expect([...roles.keys()].filter(name => name.startsWith('color-') && !tested.has(name) && !edgesOnly.includes(name))).toEqual([])
  })
})
