import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { builtServer, Workshop } from './server-process'
import { noteWords, wordsInLog } from './typed-words'

export const ADMIN = { email: 'admin@example.com', password: 'amber-terrace-meadow-lantern', name: 'Administrator' }

/** One built server for the whole run, on an embedded database of its own; the workers find it through E2E_ORIGIN. */
export default async function () {
  if (!existsSync(builtServer)) throw new Error('There is no build to test. Run `npm test -- --only e2e`, which makes one, or set SERVER_ENTRY.')
  const workshop = new Workshop()
  process.env.E2E_WORDS = join(workshop.folder(), 'typed-words')
  noteWords([ADMIN.password])
  const server = workshop.launch({ env: { RATE_LIMITS: 'off', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, LOG_LEVEL: 'trace' } })
  process.env.E2E_ORIGIN = await server.ready()
  return async () => {
    await server.stop()
    if (server.stdout.includes('"level":"error"')) process.stdout.write(`The server logged errors:\n${server.stdout.split('\n').filter(line => line.includes('"level":"error"')).slice(0, 20).join('\n')}\n`)
    const { asked, found } = wordsInLog(server.output)
    await workshop.tidy()
    if (found.length) throw new Error(`The server's log has what somebody typed, or what lets them in:\n${found.slice(0, 20).join('\n')}`)
    process.stdout.write(`The log of this run (${server.stdout.split('\n').length} lines at level trace) has none of the ${asked} texts, passwords, keys and cookies of its stories.\n`)
  }
}
