import { existsSync } from 'node:fs'
import { builtServer, Workshop } from './server-process'

export const ADMIN = { email: 'admin@example.com', password: 'amber-terrace-meadow-lantern', name: 'Administrator' }

/** One built server for the whole run, on an embedded database of its own; the workers find it through E2E_ORIGIN. */
export default async function () {
  if (!existsSync(builtServer)) throw new Error('There is no build to test. Run `npm test -- --only e2e`, which makes one, or set SERVER_ENTRY.')
  const workshop = new Workshop()
  const server = workshop.launch({ env: { RATE_LIMITS: 'off', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, LOG_LEVEL: 'warn' } })
  process.env.E2E_ORIGIN = await server.ready()
  return async () => {
    await server.stop()
    if (server.stdout.includes('"level":"error"')) process.stdout.write(`The server logged errors:\n${server.stdout.split('\n').filter(line => line.includes('"level":"error"')).slice(0, 20).join('\n')}\n`)
    await workshop.tidy()
  }
}
