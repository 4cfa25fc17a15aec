import { StartupError } from '#server/core/env'

/** How long requests under way may take once the server stops. */
export const DRAIN_MS = 20_000

/** Sentences for people go to stderr; stdout is the log's. */
export const say = (line: string) => void process.stderr.write(`${line}\n`)

export function fail(error: unknown): never {
  if (error instanceof StartupError) say(`VasiliasBot cannot start. ${error.message}`)
  else say(`VasiliasBot cannot start: ${error instanceof Error ? error.stack : error}`)
  process.exit(1)
}

export const saySignal = (signal: NodeJS.Signals) => say(`Stopping (${signal}): finishing the requests under way …`)

/** The address for a person's browser, and what stands behind it. */
export function sayReady(host: string, port: number, behind: string, lines: string[]): void {
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host
  say(`VasiliasBot is ready at http://${name}:${port} (${behind}).`)
  for (const line of lines) say(line)
}
