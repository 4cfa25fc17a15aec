import type { Figures } from './measure'
import type { Reading } from './reading'
import { shares, type Stretches, type Task } from './trace'

export interface Row extends Figures { name: string, stretches?: Stretches }
export interface Facts { runs: number, date: string, chromium: string, node: string, machine: string, messages: number, aloneKib: number, greekKib: number, reading: Reading, load: number }

const columns: { heading: string, of: (row: Row) => number, digits: number }[] = [
  { heading: 'JS + CSS, gzip KiB', of: row => row.kib, digits: 1 },
  { heading: 'ready, ms', of: row => row.readyMs, digits: 0 },
  { heading: 'first of the history, ms', of: row => row.historyMs, digits: 0 },
  { heading: 'open, ms', of: row => row.openMs, digits: 0 },
  { heading: 'blocking while loading, ms', of: row => row.loadBlockingMs, digits: 0 },
  { heading: 'blocking while opening, ms', of: row => row.openBlockingMs, digits: 0 },
  { heading: 'longest task, ms', of: row => row.longestMs, digits: 0 },
]

function cell(row: Row, ours: Row, { of, digits }: (typeof columns)[number]): string {
  const value = of(row).toFixed(digits)
  // Against nothing there is no ratio.
  return row === ours || Number(of(ours).toFixed(digits)) === 0 ? value : `${value} (${(of(row) / of(ours)).toFixed(1)}×)`
}

const taskRow = (what: string, { at, ms, cpuMs, share }: Task) => `| ${[what, cpuMs.toFixed(0), ms.toFixed(0), at.toFixed(0), ...shares.map(name => share[name].toFixed(0))].join(' | ')} |`

/** docs/benchmarks/widget.md; the first row is ours, and the others' ratios are to it. */
export function writeNote(rows: Row[], facts: Facts): string {
  const ours = rows[0]!
  return `# The widget beside others

Written by \`npm run bench:widget\` on ${facts.date}: medians of ${facts.runs} runs in Chromium ${facts.chromium}, Node ${facts.node}, ${facts.machine}, whose load average was ${facts.load.toFixed(1)} at the end. Times follow the machine and what else it does: compare rows, not tables. In brackets, how many times ours.

| widget | ${columns.map(({ heading }) => heading).join(' | ')} |
|---|${columns.map(() => '---:').join('|')}|
${rows.map(row => `| ${row.name} | ${columns.map(column => cell(row, ours, column)).join(' | ')} |`).join('\n')}

In Greek ours weighs ${facts.greekKib.toFixed(1)} KiB. On a page without Vue and Pinia, which a Nuxt page has anyway, ours would bring them along: ${facts.aloneKib.toFixed(1)} KiB, without what comes on demand. The others include their frameworks.

## The longest tasks, and whose they are
From a trace of Chromium's (DevTools' own events), on a third visit of the same ${facts.runs} runs with nothing of the bench in the page. By the processor's own clock, which does not count what other programs on the machine take, and split by it; by the wall's clock, which is what the browser calls a long task where it says more than 50 ms. Nothing of the chat's may take that long.

| the longest task | on the processor, ms | by the clock, ms | begins at, ms | scripts | style | layout | painting | rest |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
${[['of the page, until the chat’s first line runs', ours.stretches!.page], ['of the chat, from there until the click', ours.stretches!.arrival], ['of the chat’s opening', ours.stretches!.opening]].map(([what, task]) => taskRow(what as string, task as Task)).join('\n')}

From the first line of the chat's own files on everything counts as the chat's, also what Vue, Nuxt and the browser do meanwhile. The page's is what a signed-in customer's home page does without any chat: the HTML, its styles, Nuxt's start and hydration.

In a conversation of ${facts.reading.messages.toLocaleString('en')} messages, read upward with the wheel through ${facts.reading.read} of them, ${facts.reading.pages} pages of history came in. The longest task took ${facts.reading.longestCpuMs.toFixed(0)} ms on the processor and ${facts.reading.longestMs.toFixed(0)} by the clock, ${facts.reading.over} of ${facts.reading.tasks.toLocaleString('en')} tasks more than 50 ms by the clock, and ${facts.reading.frames} frames were drawn, half of them within ${facts.reading.frameMs.toFixed(0)} ms and 99 % within ${facts.reading.frameP99Ms.toFixed(0)} ms of the one before.

## What is measured
All stand on the same page, the home page of the built site, on the same machine, with the same conversation of ${facts.messages} messages. Ours is the page as a signed-in customer gets it, its history from a real server; the others take its place in the page of a signed-out visitor, as their documentation embeds them, minified and served compressed.

- *JS + CSS*: every script and style sheet fetched until the conversation was on the screen, beyond those that the page's HTML names, compressed with gzip -9. The history has Markdown in it, so what draws that is in the figure of ours; a conversation in plain words does without (2 KiB less; \`tests/e2e/site.spec.ts\` holds it to 20 KiB, in Greek too). The menu, past conversations, the search of the questions and the field for a comment come when they are opened, 1 to 3 KiB each.
- *ready*: from navigation until the button to open it is there. Ours comes on purpose only when the page has become interactive and idle.
- *first of the history*, *open*: from a click of the mouse until a frame has been painted that shows any message; and one that shows the newest message with the focus in the composer. On a second visit, with scripts in the browser's cache. Ours has its history in localStorage; deep-chat and vue-advanced-chat are handed it in memory; @n8n/chat fetches it from the same machine. The two without a button of their own get one, which puts them into the page. None of the three focuses its composer by itself: the bench does it for them as soon as there is one.
- *blocking*: what each long task took beyond 50 ms, before the click (the page's own included) and in the half second after.
- *longest task*: by the browser's own count of long tasks, which leaves out those under 50 ms; the page's own included.

## To repeat
\`\`\`sh
npm ci && npm run build
npm run bench:widget        # BENCH_RUNS=9 for more runs
BENCH_ONLY_OURS=1 BENCH_TRACES=traces npm run bench:widget        # keeps the traces for DevTools, and writes no page
\`\`\`
It needs Chromium and an npm registry: the other widgets are fetched (\`npm pack\`) into a temporary folder and are no dependencies of the product.
`
}
