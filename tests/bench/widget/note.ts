import type { Figures } from './measure'

export interface Row extends Figures { name: string }
export interface Facts { runs: number, date: string, chromium: string, node: string, machine: string, messages: number, aloneKib: number, greekKib: number, load: number }

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

/** docs/benchmarks/widget.md; the first row is ours, and the others' ratios are to it. */
export function writeNote(rows: Row[], facts: Facts): string {
  const ours = rows[0]!
  return `# The widget beside others

Written by \`npm run bench:widget\` on ${facts.date}: medians of ${facts.runs} runs in Chromium ${facts.chromium}, Node ${facts.node}, ${facts.machine}, whose load average was ${facts.load.toFixed(1)} at the end. Times follow the machine and what else it does: compare rows, not tables. In brackets, how many times ours.

| widget | ${columns.map(({ heading }) => heading).join(' | ')} |
|---|${columns.map(() => '---:').join('|')}|
${rows.map(row => `| ${row.name} | ${columns.map(column => cell(row, ours, column)).join(' | ')} |`).join('\n')}

In Greek ours weighs ${facts.greekKib.toFixed(1)} KiB. On a page without Vue and Pinia, which a Nuxt page has anyway, ours would bring them along: ${facts.aloneKib.toFixed(1)} KiB, without what comes on demand. The others include their frameworks.

## What is measured
All stand on the same page, the home page of the built site, on the same machine, with the same conversation of ${facts.messages} messages. Ours is the page as a signed-in customer gets it, its history from a real server; the others take its place in the page of a signed-out visitor, as their documentation embeds them, minified and served compressed.

- *JS + CSS*: every script and style sheet fetched until the conversation was on the screen, beyond those that the page's HTML names, compressed with gzip -9. The history has Markdown in it, so what draws that is in the figure of ours; a conversation in plain words does without (2 KiB less; \`tests/e2e/site.spec.ts\` holds it to 20 KiB, in Greek too). The menu, past conversations, the search of the questions and the field for a comment come when they are opened, 1 to 3 KiB each.
- *ready*: from navigation until the button to open it is there. Ours comes on purpose only when the page has become interactive and idle.
- *first of the history*, *open*: from a click of the mouse until a frame has been painted that shows any message; and one that shows the newest message with the focus in the composer. On a second visit, with scripts in the browser's cache. Ours has its history in localStorage; deep-chat and vue-advanced-chat are handed it in memory; @n8n/chat fetches it from the same machine. The two without a button of their own get one, which puts them into the page. None of the three focuses its composer by itself: the bench does it for them as soon as there is one.
- *blocking*: what each long task took beyond 50 ms, before the click (the page's own included) and in the half second after.

## To repeat
\`\`\`sh
npm ci && npm run build
npm run bench:widget        # BENCH_RUNS=9 for more runs
\`\`\`
It needs Chromium and an npm registry: the other widgets are fetched (\`npm pack\`) into a temporary folder and are no dependencies of the product.
`
}
