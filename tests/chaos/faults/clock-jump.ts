import type { Fault } from '../world'

const HOUR_MS = 60 * 60 * 1000
/** Longer than a session lasts: a clock that has lost the month. */
const LOST_MONTH_MS = 45 * 24 * HOUR_MS

/**
 * The clock of one server jumps hours ahead of everybody else's, or behind them, and stays there until its next jump;
 * the first of each direction by a month and a half.
 */
export function clockJump(forwards: boolean, number: number): Fault {
  return async ({ machines, random }) => {
    const size = number === 0 ? LOST_MONTH_MS : random.between(HOUR_MS, 9 * HOUR_MS)
    random.pick(machines).setClock(forwards ? size : -size)
    return { [forwards ? 'jumps_forwards' : 'jumps_backwards']: 1 }
  }
}
