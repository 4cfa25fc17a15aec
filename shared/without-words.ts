/**
 * The text of an error without what somebody may have written: JSON.parse quotes its input, an address has a search in
 * it. So quotations and queries go, and control characters, which could pretend to be another line.
 */
export function withoutWords(text: string): string {
  return text
    .replace(/"[^"]*"?|“[^”]*”?|«[^»]*»?|`[^`]*`?/g, '"…"')
    .replace(/'[^'\n]{30,}'?/g, '\'…\'')
    .replace(/[?#][^\s:)]*/g, '')
    .replace(/[^\P{Cc}\n]/gu, ' ')
}
