import { describeApi } from '#server/utils/openapi/document'
import { answerCheck, type AnswerCheck } from './answer-check'
import type { TestResponse } from './api-client'
import { apiRoutes, version } from './api-routes'

const routes = apiRoutes.filter(({ route }) => !route.includes('**'))
  .map(each => ({ ...each, pattern: new RegExp(`^${each.route.replace('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`) }))
  .sort((a, b) => Number(a.route.includes(':')) - Number(b.route.includes(':')))
const checks = new Map<string, Promise<AnswerCheck>>()

/** Throws where an answer is not what the API's document says of its route; each route is read when it is first met. */
export async function inspectAnswer(method: string, path: string, { status, headers, text, body }: TestResponse): Promise<void> {
  const bare = path.split('?')[0]!
  if (!bare.startsWith('/api/')) return
  const route = routes.find(({ pattern }) => pattern.test(bare))
  const key = route?.route ?? ''
  if (!checks.has(key)) checks.set(key, describeApi(route ? [route] : [], version).then(answerCheck))
  const off = (await checks.get(key)!)({ method, path: bare, status, type: headers.get('content-type'), body: text ? body : '' })
  if (off) throw new Error(`${method} ${bare} answered ${status} otherwise than the API's document says: ${off}\n${text.slice(0, 500)}`)
}
