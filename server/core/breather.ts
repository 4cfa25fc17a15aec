/**
 * For long work on the one thread that serves everybody: call what it gives between two pieces of the work. It lets
 * other requests in as soon as the work has held the thread for `sliceMs` milliseconds since the last time.
 */
export function breather(sliceMs = 8): () => Promise<void> {
  let until = performance.now() + sliceMs
  return async () => {
    if (performance.now() < until) return
    await new Promise(resolve => setImmediate(resolve))
    until = performance.now() + sliceMs
  }
}
