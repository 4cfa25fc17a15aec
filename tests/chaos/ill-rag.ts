import { rag, startRagServer, type RagBehaviour, type RagServer } from '../support/rag-server'
import type { Random } from './random'

/** How it can be ill, for a while. Answers carry the question, so that one that goes to somebody else shows. */
const MOODS = ['well', 'slow', 'late', 'failing', 'cut', 'silent', 'nonsense'] as const
type Mood = typeof MOODS[number]
const MOOD_MS = { from: 2_000, to: 6_000 }
/** Of the requests in a bad mood so many get a good answer after all. */
const LUCKY_SHARE = 0.3

export interface IllRag {
  service: RagServer
  /** How many of its moods it has had. */
  moods: () => number
  /** From now on it answers, and takes ratings, at once. */
  recover: () => void
}

const answer: RagBehaviour = (request, response) => rag.answer(`From the documents: ${(request.body as { text?: string }).text}`)(request, response)

/** A RAG service whose illness changes every few seconds. Ratings are refused, cut off or slow now and then, all the time. */
export async function startIllRag(random: Random): Promise<IllRag> {
  const service = await startRagServer()
  let mood: Mood = 'well'
  let moods = 0
  let timer: NodeJS.Timeout
  const change = () => {
    mood = random.pick(MOODS)
    moods++
    timer = setTimeout(change, random.between(MOOD_MS.from, MOOD_MS.to)).unref()
  }
  change()
  service.always((request, response) => behave(random() < LUCKY_SHARE ? 'well' : mood, random)(request, response))
  service.on('/ask/feedback', (request, response) => {
    const fate = random()
    if (fate < 0.1) return rag.status(503)(request, response)
    if (fate < 0.15) return rag.reset()(request, response)
    return rag.after(random() * 100, rag.status(200))(request, response)
  })
  return {
    service,
    moods: () => moods,
    recover: () => {
      clearTimeout(timer)
      service.always(answer)
      service.on('/ask/feedback', rag.status(200))
    },
  }
}

function behave(mood: Mood, random: Random): RagBehaviour {
  switch (mood) {
    case 'well': return rag.after(random() * 100, answer)
    case 'slow': return rag.after(200 + random() * 1_000, answer)
    case 'late': return rag.after(1_600 + random() * 2_000, answer)
    case 'failing': return rag.status(random.pick([500, 502, 503, 429]))
    case 'cut': return random.pick([rag.reset(), rag.cutOff(), rag.gibberish(), rag.wrongLength(4_000)])
    case 'silent': return random.pick([rag.hang(), rag.stall()])
    case 'nonsense': return random.pick([rag.html(), rag.brokenJson(), rag.empty(), rag.json([1, 2, 3])])
  }
}
