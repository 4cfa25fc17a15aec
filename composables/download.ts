import type { ErrorBody } from '#shared/contracts/errors'
import { ApiError } from './api-client'

/** `attachment; filename="x.zip"` → `x.zip` */
const nameIn = (disposition: string | null) => /filename="([^"]+)"/.exec(disposition ?? '')?.[1]

/**
 * Fetches a file of the API and hands it to the browser to keep. Not a plain link: with one, a refusal would be a failed
 * download that says nothing. Throws `ApiError`.
 */
export async function downloadFile(path: string, fallbackName: string): Promise<void> {
  let response: Response
  let content: Blob | undefined
  try {
    response = await fetch(`/api${path}`, { credentials: 'same-origin', cache: 'no-store' })
    if (response.ok) content = await response.blob()
  }
  catch (cause) {
    throw new ApiError({ method: 'GET', path, status: 0, cause })
  }
  if (!content) throw new ApiError({ method: 'GET', path, status: response.status, body: await response.json().catch(() => ({})) as Partial<ErrorBody> })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = nameIn(response.headers.get('content-disposition')) ?? fallbackName
  link.click()
  // A browser that has not begun to read it yet must not find it gone.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
