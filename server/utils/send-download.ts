import { Readable } from 'node:stream'
import { setResponseHeader, type H3Event } from 'h3'
import { log } from '#server/core/log'

const types = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8', zip: 'application/zip' } as const

/**
 * Sends pieces of text, or bytes, as a file, each made only when the one before is on its way, so that its size does not matter.
 * The first piece is awaited: what fails before it becomes an ordinary error.
 */
export async function sendDownload(event: H3Event, name: string, format: keyof typeof types, pieces: AsyncGenerator<string | Uint8Array>): Promise<Readable> {
  const first = await pieces.next()
  setResponseHeader(event, 'content-type', types[format])
  setResponseHeader(event, 'content-disposition', `attachment; filename="vasiliasbot-${name}-${new Date().toISOString().slice(0, 10)}.${format}"`)
  // A proxy that gathers the whole file first would hold in memory what the server is careful not to.
  setResponseHeader(event, 'x-accel-buffering', 'no')
  const stream = Readable.from((async function* () {
    if (!first.done) yield first.value
    yield* pieces
  })())
  // The status is out by now: a file that breaks off says so by the connection breaking off, and is never taken for whole.
  return stream.once('error', (err) => {
    log.error({ err }, 'A download broke off')
    event.node.res.destroy()
  })
}
