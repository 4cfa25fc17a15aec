/*
 * Stands in for PGlite and its Drizzle driver in builds for hosts of functions (nuxt.config.ts). Never reached there: the
 * environment check refuses to start without DATABASE_URL.
 */
function refuse(): never {
  throw new Error('This build has no embedded database: set DATABASE_URL to a PostgreSQL.')
}

export const PGlite = { create: refuse }
export const drizzle = refuse
