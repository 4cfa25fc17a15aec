import type { Migration } from '#server/db/migrate'

/** Where the migrations come from: the built server carries them as assets, tests and commands read the folder. */
let load: (() => Promise<Migration[]>) | undefined

export function setMigrationSource(source: () => Promise<Migration[]>): void {
  load = source
}

export async function loadMigrations(): Promise<Migration[]> {
  if (!load) throw new Error('No source of migrations is set')
  return load()
}
