const PAUSES_MS = [1000, 4000, 16_000]

function online(): Promise<void> {
  return new Promise(resolve => window.addEventListener('online', () => resolve(), { once: true }))
}

/**
 * Fetches a part of the chat. A page whose network goes before the chat has arrived gets it when the network is back;
 * any other failure is tried again after 1, 4 and 16 seconds, and then thrown as it came.
 */
export async function loadPatiently<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await load()
    }
    catch (problem) {
      if (!navigator.onLine) {
        await online()
        continue
      }
      const pause = PAUSES_MS[tries]
      if (!pause) throw problem
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
}
