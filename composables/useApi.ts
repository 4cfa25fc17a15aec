import { useRequestEvent } from '#imports'
import { createApiClient, type ApiClient } from './api-client'

/**
 * The client for pages and stores. In the browser it is plain fetch; while a page is rendered on the server it calls
 * the API in the same process with the visitor's own cookies.
 */
export function useApi(baseUrl = '/api'): ApiClient {
  const event = import.meta.server ? useRequestEvent() : undefined
  return event ? createApiClient(baseUrl, (url, init) => event.fetch(url, { ...init, signal: undefined })) : createApiClient(baseUrl)
}
