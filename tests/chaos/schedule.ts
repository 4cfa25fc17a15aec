import { setTimeout as pause } from 'node:timers/promises'
import { clockJump } from './faults/clock-jump'
import { cut } from './faults/cut'
import { diskFull } from './faults/disk-full'
import { kill } from './faults/kill'
import { restart } from './faults/restart'
import type { Random } from './random'
import type { Fault, Struck, World } from './world'

export interface Plan { kills: number, restarts: number, cuts: number, diskFull: number, clockJumps: number }

export interface Planned { name: string, strike: Fault }

/** Lanes that run at once, so that faults meet each other: what strikes each of the servers, and what strikes everything else. */
export function lanes(plan: Plan, servers: number, random: Random): Planned[][] {
  const times = (count: number, name: string, faultOf: (n: number) => Fault) => Array.from({ length: count }, (_, n) => ({ name, strike: faultOf(n) }))
  return [
    ...Array.from({ length: servers }, (_, machine) => times(Math.floor((plan.kills + machine) / servers), 'kills', () => kill(machine))),
    random.shuffle([
      ...times(plan.restarts, 'restarts', () => restart),
      ...times(plan.cuts, 'cuts', () => cut),
      ...times(plan.diskFull, 'disk_full', () => diskFull),
      ...times(plan.clockJumps, 'clock_jumps', n => clockJump(n % 2 === 0, Math.floor(n / 2))),
    ]),
  ]
}

export interface Happened { done: Record<string, number>, struck: Struck }

/** Strikes with everything there is, at random moments under load. `happened` fills up on the way. */
export async function runLanes(planned: Planned[][], world: World, happened: Happened): Promise<void> {
  await Promise.all(planned.map(async (lane) => {
    for (const { name, strike } of lane) {
      await someTraffic(world)
      add(happened.struck, await strike(world))
      add(happened.done, { [name]: 1 })
    }
  }))
}

/** How long to wait for customers being served before striking all the same. */
const PATIENCE_MS = 60_000
/** Some faults do not wait at all, so that they fall into another one's time. */
const AT_ONCE_SHARE = 0.2

/** A random moment while customers are being served: a server that has just started on a busy machine serves nobody yet. */
async function someTraffic({ traffic, random }: World): Promise<void> {
  if (random() < AT_ONCE_SHARE) return
  const enough = traffic.accepted + 1 + random.below(12)
  const until = performance.now() + PATIENCE_MS
  while (traffic.accepted < enough && performance.now() < until) await pause(5)
  await pause(random() * 300)
}

function add(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count
}
