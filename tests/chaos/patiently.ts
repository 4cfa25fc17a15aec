import { setTimeout as pause } from 'node:timers/promises'
import type { TestClient, TestResponse } from '../support/api-client'

const TRIES = 100
const STEP_MS = 200

/** Tries again for twenty seconds: a database that has just started may still be reading its log. */
export async function patiently<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    }
    catch (error) {
      if (tries >= TRIES) throw error
      await pause(STEP_MS)
    }
  }
}

/** Asks until the answer is 200: the first after a fault may still find a connection that was cut, as anybody's would. */
export function getPatiently(client: TestClient, path: string): Promise<TestResponse> {
  return patiently(async () => {
    const answer = await client.get(path)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
    return answer
  })
}
