import { findPostgresPrograms } from '../support/postgres-cluster'
import { mountSmallDisk } from './small-disk'

/** What this machine lacks for the run, in a sentence; null: nothing. */
export function whatIsMissing({ diskFull }: { diskFull: boolean }): string | null {
  if (!findPostgresPrograms()) return 'initdb, pg_ctl and pg_basebackup of PostgreSQL are not installed here, and the database that is stopped and filled has to be its own (apt-get install postgresql).'
  if (!diskFull) return null
  const disk = mountSmallDisk(1)
  disk?.remove()
  return disk ? null : 'a small disk (tmpfs) cannot be mounted here, which takes root on Linux: run it as root, or without that part (--disk-full 0).'
}
