import type { ChaosReport } from './chaos'

const SHOWN_WRONG = 20

/** The report for people: a line a figure, and the verdict. */
export function table(report: ChaosReport): string {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)
  const list = (counts: Record<string, number>) => Object.entries(counts).map(([name, count]) => `${name.replaceAll('_', ' ')} ${count}`).join(', ') || 'none'
  const rows: [string, string | number][] = [
    ['faults', list(report.faults)],
    ['what they did', list(report.struck)],
    ['moods of the RAG service', report.ragMoods],
    ['starts that failed while the database was away', report.failedStarts],
    ['messages accepted', report.messages],
    ['  lost', report.lost],
    ['  stored twice', report.doubled],
    ['  stored, with those whose answer was lost', report.stored],
    ['  sent once more after they were accepted', report.resent],
    ['replies', `${sum(report.replies)} (${list(report.replies)})`],
    ['ratings accepted', report.ratings],
    ['  delivered, by key', report.deliveries.keys],
    ['  requests that took', report.deliveries.attempts],
    ['polls', `${report.polls}, ${report.unchangedPolls} of them "nothing new"`],
    ['requests sent again', report.retries],
    ['  "not now"', list(report.refusals)],
    ['longest time without an accepted message', `${report.longestGapMs} ms`],
    ['until all was answered and delivered', `${report.drainedMs} ms after the last fault`],
    ['errors in the logs', list(report.loggedErrors)],
    ['seed, minutes', `${report.seed}, ${report.minutes}`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const wrong = report.wrong.slice(0, SHOWN_WRONG).map(line => `  ✗ ${line}`)
  const verdict = report.wrong.length ? [`WRONG (${report.wrong.length}):`, ...wrong] : ['Nothing is wrong.']
  return ['', ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), '', ...verdict].join('\n')
}
