/*
 * Where this build runs. A host of functions (Vercel, Netlify, AWS Lambda) starts a process for some requests, freezes it
 * between them and keeps no files: there the database is the only state, and nothing goes on by itself.
 */
let functions = false

/** Said once by the build's own plugin. */
export function setFunctionsHost(value: boolean): void {
  functions = value
}

export const isFunctionsHost = (): boolean => functions

type WaitUntil = (work: Promise<unknown>) => void

/**
 * What keeps work alive on this host after the answer has gone out; null: nothing does (Lambda), or nothing needs to. These
 * are the places where the hosts' own packages (`@vercel/functions`, `@netlify/functions`) look, too.
 */
export function platformWaitUntil(): WaitUntil | null {
  const globals = globalThis as {
    [vercelContext]?: { get?: () => { waitUntil?: WaitUntil } | undefined }
    Netlify?: { context?: { waitUntil?: WaitUntil } | null }
  }
  const vercel = globals[vercelContext]?.get?.()
  if (vercel?.waitUntil) return work => vercel.waitUntil!(work)
  const netlify = globals.Netlify?.context
  return netlify?.waitUntil ? work => netlify.waitUntil!(work) : null
}

const vercelContext: unique symbol = Symbol.for('@vercel/request-context') as never
