import { byStretch, quantile, trendOf, type Trend } from './figures'
import type { Minute } from './recorder'
import type { Sample } from './watch'

/** All that a soak found. */
export interface Soak {
  date: string
  minutes: number
  machine: string
  node: string
  postgres: string
  customers: number
  /** A second, as fast as 32 callers could. */
  maximum: { actions: number, requests: number }
  /** Actions a second that were kept up; `isHalf`: half of the maximum, and not a number that somebody gave. */
  perSecond: number
  isHalf: boolean
  requests: number
  actions: number
  /** Actions that were not begun, because the server was behind: the machine had other things to do, or the rate is too high. */
  leftOut: number
  samples: Sample[]
  /** At rest, before the load and after it. */
  before: Sample
  after: Sample
  perMinute: Minute[]
  statuses: Record<string, number>
  errors: Record<string, number>
  examples: string[]
  loggedErrors: Record<string, number>
  warnings: Record<string, number>
  stored: { messages: number, ratings: number, sessions: number }
}

export interface Verdict {
  /** Of the second half, an hour. */
  slopes: { resident: Trend, /** Without what V8 has taken for its heap: native memory. */ native: Trend, heap: Trend, external: Trend, handles: Trend }
  handles: { before: number, after: number }
  /** What should not be; empty when all is well. */
  faults: string[]
}

/** Descriptors without those to the database, whose pool has its own bound and lets go only after minutes. */
export const handlesOf = ({ files, sockets, connections }: Sample) => files + sockets - connections
/** Of the resident memory what is not V8's heap: code, buffers, WebAssembly, what the allocator keeps. */
export const nativeOf = ({ resident, heapSize }: Sample) => resident - heapSize
/** At rest one more or less is a look of ours, or a timer's connection. */
const HANDLES_SLACK = 4
const THREADS_SLACK = 2
/** DATABASE_POOL, and the connection that listens to changes; while that one is being replaced there are more for a moment. */
const MOST_CONNECTIONS = 11
const HOUR = 3_600

export function judge({ samples, minutes, before, after, errors, loggedErrors }: Soak): Verdict {
  const half = samples.filter(sample => sample.at >= minutes * 30)
  // By the minute, where that leaves enough of them.
  const width = (minutes >= 20 ? 60 : 5) / HOUR
  const trend = (value: (sample: Sample) => number, pick: (values: number[]) => number) =>
    trendOf(byStretch(half.map(sample => ({ x: sample.at / HOUR, y: value(sample) })).filter(({ y }) => Number.isFinite(y)), width, pick))
  const median = (values: number[]) => quantile(values, 0.5)
  const handles = { before: handlesOf(before), after: handlesOf(after) }
  const counts = (of: Record<string, number>) => Object.entries(of).map(([name, count]) => `${count} × ${name}`)
  return {
    slopes: {
      resident: trend(sample => sample.resident, median),
      native: trend(nativeOf, median),
      // What is left after a collection: the lowest value of each minute.
      heap: trend(sample => sample.heap, values => Math.min(...values)),
      external: trend(sample => sample.external, median),
      handles: trend(handlesOf, median),
    },
    handles,
    faults: [
      ...counts(errors),
      ...counts(loggedErrors).map(text => `logged: ${text}`),
      ...(handles.after > handles.before + HANDLES_SLACK ? [`handles at rest grew from ${handles.before} to ${handles.after}`] : []),
      ...(after.threads > before.threads + THREADS_SLACK ? [`threads grew from ${before.threads} to ${after.threads}`] : []),
      ...(after.connections > MOST_CONNECTIONS ? [`${after.connections} database connections at rest`] : []),
    ],
  }
}

const mb = (value: number) => value.toFixed(0)
const signed = ({ slope, error }: Trend, unit: string) => Number.isFinite(slope) ? `${slope < 0 ? '−' : '+'}${Math.abs(slope).toFixed(1)} ± ${error.toFixed(1)} ${unit}` : 'too few samples'

/** The tables of a soak, as Markdown. */
export function page(soak: Soak, { slopes, handles, faults }: Verdict): string {
  const { samples, minutes, before, after, perMinute, maximum } = soak
  const thousand = (n: number) => Math.round(n).toLocaleString('en')
  const stretch = (from: number, to: number) => samples.filter(({ at }) => at >= from * minutes * 60 && at < to * minutes * 60)
  const row = (name: string, of: Sample[]) => {
    // Where the server did not tell in time, the others count.
    const known = (value: (sample: Sample) => number) => of.map(value).filter(Number.isFinite)
    const mean = (value: (sample: Sample) => number) => known(value).reduce((sum, one) => sum + one, 0) / known(value).length
    return `| ${name} | ${mb(mean(sample => sample.resident))} | ${mb(mean(nativeOf))} | ${mb(Math.min(...known(sample => sample.heap)))} | ${mb(mean(sample => sample.external))} | ${mean(handlesOf).toFixed(0)} | ${mean(sample => sample.threads).toFixed(0)} | ${Math.max(...of.map(sample => sample.connections))} |`
  }
  const p95 = perMinute.map(minute => minute.p95)
  return [
    `${soak.date}, ${soak.machine}, Node ${soak.node}, PostgreSQL ${soak.postgres} on the same machine: ${minutes.toFixed(0)} minutes at ${soak.perSecond} actions a second${soak.isHalf ? ', half of what the server took before' : ''} (at most ${maximum.actions.toFixed(0)}, which is ${maximum.requests.toFixed(0)} requests); ${thousand(soak.requests)} requests of ${thousand(soak.customers)} customers, ${thousand(soak.stored.messages)} messages and ${thousand(soak.stored.ratings)} ratings stored.`,
    ...(soak.leftOut ? [`Of the ${thousand(soak.actions + soak.leftOut)} actions ${thousand(soak.leftOut)} were left out while the server was behind.`] : []),
    '',
    '| | resident, MB | of it beside V8’s heap, MB | heap after collections, MB | external, MB | handles | threads | database connections |',
    '|---|---|---|---|---|---|---|---|',
    row('at rest before', [before]),
    ...[[0, 0.25, 'first quarter'], [0.25, 0.5, 'second'], [0.5, 0.75, 'third'], [0.75, 1.01, 'last']].map(([from, to, name]) => row(String(name), stretch(Number(from), Number(to)))),
    row('at rest after', [after]),
    `| slope of the second half, an hour | ${signed(slopes.resident, 'MB')} | ${signed(slopes.native, 'MB')} | ${signed(slopes.heap, 'MB')} | ${signed(slopes.external, 'MB')} | ${signed(slopes.handles, '')} | | |`,
    '',
    `- Handles at rest (descriptors, those to the database aside): ${handles.before} before, ${handles.after} after.`,
    `- p95 of all requests by the minute, ms: ${p95.map(value => value.toFixed(0)).join(', ')}. Of polls ${quantile(perMinute.map(minute => minute.polls95), 0.5).toFixed(1)} ms, of questions ${quantile(perMinute.map(minute => minute.questions95), 0.5).toFixed(1)} ms (medians of the minutes).`,
    `- Answers by status: ${Object.entries(soak.statuses).map(([status, count]) => `${status}: ${thousand(count)}`).join(', ')}. ${faults.length ? `**Faults: ${faults.join('; ')}.**` : 'No error in an answer, none in the log.'}`,
    ...(Object.keys(soak.warnings).length ? [`- Warnings in the log: ${Object.entries(soak.warnings).map(([message, count]) => `${thousand(count)} × ${message}`).join('; ')}`] : []),
    '',
  ].join('\n')
}
