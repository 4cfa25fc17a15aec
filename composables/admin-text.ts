/** Length in Unicode code points, as the API counts. */
export const countCodePoints = (text: string): number => [...text].length

/** One phrasing a line: bullets and numbers in front go, empty lines go. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n?|\n/).map(line => line.replace(/^\s*(?:[-*•–]|\d{1,3}[.)])\s+/, '').trim()).filter(Boolean)
}

/** What makes two phrasings the same to a person; the matcher folds more. */
export const sameText = (text: string): string => text.trim().toLocaleLowerCase('en').replace(/[\s?!.;,]+/g, ' ').trim()
