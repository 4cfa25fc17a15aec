import type { Sql } from 'postgres'
import type { PostgresCluster } from '../support/postgres-cluster'
import type { Customer } from './load'
import type { Machine } from './machine'
import type { Random } from './random'
import type { SmallDisk } from './small-disk'
import type { Traffic } from './traffic'

/** Everything a fault can strike at. */
export interface World {
  cluster: PostgresCluster
  /** What the cluster's files are on; null: nobody fills it. */
  disk: SmallDisk | null
  /** The database, for the one who cuts and counts. It is away while the cluster is. */
  sql: Sql
  machines: Machine[]
  customers: Customer[]
  traffic: Traffic
  random: Random
}

/** What a fault has done, to be added up: connections cut, milliseconds away. */
export type Struck = Record<string, number>

export type Fault = (world: World) => Promise<Struck>
