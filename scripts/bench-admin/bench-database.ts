import { StartupError } from '#server/core/env'

/** The database of the measurements; BENCH_DATABASE_URL names another. Seeding empties it, so its name has to say what it is for. */
export function benchDatabaseUrl(): string {
  const url = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/vb_bench'
  const name = new URL(url).pathname.slice(1)
  if (!/bench/.test(name)) throw new StartupError(`BENCH_DATABASE_URL points at “${name}”: seeding would empty it, so its name must hold “bench”.`)
  return url
}

/** Who asks; made by the seeding. */
export const BENCH_ADMIN = { email: 'bench-admin@example.com', password: 'olive-harbour-lemon-linen' }

/** Words whose place in the data is known, for the searches. */
export const words = {
  /** In every eighth reply or so: a part of the fallback message. */
  common: 'sorry',
  /** In about 1 % of the questions. */
  usual: 'parking',
  /** In about 5 % of the questions of the first two hundred days, and in none since. */
  old: 'lockdown',
  /** In 40 of all messages. */
  rare: 'xylophone',
  none: 'zzyzx',
  greek: 'ΓΑΜΟ',
}
