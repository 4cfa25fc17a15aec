import type { Fault } from '../world'

/** SIGKILL of one server, as a power cut does it, and a start after it. */
export function kill(machine: number): Fault {
  return async ({ machines, traffic }) => {
    const victim = machines[machine]!
    const others = machines.filter(each => each !== victim)
    if (!await victim.kill()) traffic.complain(`${victim.name} had ended by itself (${victim.ending()})`)
    const alone = others.every(each => !each.isServing())
    await victim.start()
    return { all_servers_down: Number(alone) }
  }
}
