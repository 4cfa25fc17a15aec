import { load } from './load'
import type { BenchServer } from './server'
import { idlePolls, sends } from './scenarios'
import type { Customer } from './database'

/** Resident memory at the end of each minute of load, in MB: half of the callers poll, the other half ask what the FAQs answer. */
export async function measureEndurance(server: BenchServer, customers: Customer[], question: string, minutes: number, say: (line: string) => void): Promise<number[]> {
  const half = Math.ceil(customers.length / 2)
  const [polling, asking] = [customers.slice(0, half), customers.slice(half)]
  const resident: number[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    const polls = await idlePolls(server.origin, polling)
    await Promise.all([
      load(server.origin, polls, { connections: polling.length, seconds: 60, status: 304 }),
      load(server.origin, sends(asking, question), { connections: asking.length, seconds: 60, status: 200 }),
    ])
    resident.push(server.usage().resident)
    say(`Resident after ${minute} min of load: ${resident.at(-1)!.toFixed(0)} MB`)
  }
  return resident
}
