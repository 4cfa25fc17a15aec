import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EmbeddingRequest { headers: IncomingHttpHeaders, model: string, input: string[] }

/** One way to answer, or to misbehave. */
export type EmbeddingBehaviour = (request: EmbeddingRequest, response: ServerResponse) => void

/** Numbers from −1 to 1 that depend on the word alone. */
function wordVector(word: string, width: number): number[] {
  const bytes = Buffer.concat(Array.from({ length: Math.ceil(width / 32) }, (_, i) => createHash('sha256').update(`${i} ${word}`).digest()))
  return Array.from({ length: width }, (_, k) => bytes[k]! / 127.5 - 1)
}

/** A bag of words as an embedding, with a direction that all texts share, as real models have; not of unit length. */
export function embeddingOf(text: string, width: number, common = 2): number[] {
  const sum = wordVector('shared by all', width).map(x => x * common)
  for (const word of text.split(' ')) wordVector(word, width).forEach((x, k) => sum[k]! += x)
  return sum
}

const json = (response: ServerResponse, status: number, body: unknown) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

export const embed = {
  /** Out of order, as the format allows. */
  rightly: (width = 64, common = 2): EmbeddingBehaviour => ({ input }, response) => json(response, 200, { data: input.map((text, index) => ({ index, embedding: embeddingOf(text, width, common) })).reverse() }),
  status: (status: number): EmbeddingBehaviour => (_, response) => json(response, status, { error: 'no' }),
  json: (body: unknown): EmbeddingBehaviour => (_, response) => json(response, 200, body),
  text: (body: string): EmbeddingBehaviour => (_, response) => void response.end(body),
  hang: (): EmbeddingBehaviour => () => {},
  cut: (): EmbeddingBehaviour => (_, response) => void response.destroy(),
}

export interface EmbeddingServer {
  url: string
  requests: EmbeddingRequest[]
  behave: (behaviour: EmbeddingBehaviour) => void
  close: () => Promise<void>
}

/** An OpenAI-compatible embedding service that does what it is told. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  let behaviour = embed.rightly()
  const requests: EmbeddingRequest[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => body += part).on('end', () => {
      const received = { headers: request.headers, ...JSON.parse(body) as { model: string, input: string[] } }
      requests.push(received)
      behaviour(received, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/embeddings`,
    requests,
    behave: (next) => { behaviour = next },
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}
