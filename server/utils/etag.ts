import { getRequestHeader, sendNoContent, setResponseHeaders, type H3Event } from 'h3'

/** Whether `If-None-Match` names the tag; weak and strong tags of the same text are the same thing here. */
export function isFresh(event: H3Event, etag: string): boolean {
  const given = getRequestHeader(event, 'if-none-match')
  return given === etag || (given !== undefined && given.split(',').some(tag => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag))
}

/** The caller keeps the answer and asks whether it still holds; nothing in between may keep it. */
export const freshnessHeaders = (etag: string) => ({ 'etag': etag, 'cache-control': 'private, no-cache' })

/** 304 without a body when the caller has this state already, else what `make` gives. */
export async function sendUnlessFresh(event: H3Event, etag: string, make: () => unknown): Promise<unknown> {
  setResponseHeaders(event, freshnessHeaders(etag))
  if (!isFresh(event, etag)) return make()
  sendNoContent(event, 304)
}
