const state = globalThis as typeof globalThis & { __noise?: { heard: string[], allowed: RegExp[] } }
const noise = state.__noise ??= { heard: [], allowed: [] }

/** Says that this test means to provoke a line like this one (`console.error: …`, `console.warn: …`, `network: …`). */
export function allowNoise(pattern: RegExp) {
  noise.allowed.push(pattern)
}

/** What was written so far in this test, allowed or not. */
export function heardNoise(): readonly string[] {
  return noise.heard
}
