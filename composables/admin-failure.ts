import { ApiError } from './api-client'

/** What a page of the back office tells about a request that failed. */
export interface AdminFailure {
  /** 0: nothing came back. */
  status: number
  message: string
  requestId: string | null
  fields: Record<string, string>
}

/** Throws on what is no failed request: a mistake of ours belongs in the console, not in a notice. */
export function failureOf(error: unknown): AdminFailure {
  if (!(error instanceof ApiError)) throw error
  const fields: Record<string, string> = {}
  for (const { path, message } of error.details) fields[path] ??= message
  return { status: error.status, message: error.message, requestId: error.requestId, fields }
}
