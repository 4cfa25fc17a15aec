/** How many groups of unanswered questions wait for somebody; null where they are not counted. */
export async function countOpenUnanswered(): Promise<number | null> {
  return null
}
