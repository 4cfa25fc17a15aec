import { defineEventHandler } from 'h3'
import { log } from '#server/core/log'
import { requestIdOf } from '#server/utils/request-id'

/** One line a request when its response has ended. The path without the query: a search is somebody's words. */
export default defineEventHandler((event) => {
  const path = event.path.split('?')[0]!
  if (path.startsWith('/_nuxt/')) return
  const started = performance.now()
  const { req, res } = event.node
  res.once?.('close', () => {
    const line = { request_id: requestIdOf(event), method: event.method, path, status: res.statusCode, duration_ms: Math.round((performance.now() - started) * 10) / 10 }
    if (req.destroyed && !res.writableFinished) log.info({ ...line, aborted: true }, 'request aborted')
    else log.info(line, 'request')
  })
})
