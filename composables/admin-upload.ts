import { createApiClient, type ApiRequest } from './api-client'

/** Sends a file as it is for the body, through the typed client and its errors. Throws `ApiError`. */
export function uploadFile<Data>(path: string, file: { text: string, type: string }, query: ApiRequest['query']): Promise<Data> {
  const api = createApiClient('/api', (url, init) => fetch(url, { ...init, body: file.text, headers: { ...init.headers as Record<string, string>, 'content-type': file.type } }))
  return api.post<Data>(path, undefined, { query })
}
