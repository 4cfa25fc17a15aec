import type { Browser, Page } from '@playwright/test'

/** Where the main thread's time on the processor went, in ms; the sum is the task's. */
export type Share = Record<(typeof shares)[number], number>
export const shares = ['scripts', 'style', 'layout', 'paint', 'rest'] as const

export interface Task {
  /** From the navigation, in ms. */
  at: number
  /** By the clock: what the browser calls the task's length. Other programs on the machine make it longer. */
  ms: number
  /** On the processor: what the task takes where nothing else runs. */
  cpuMs: number
  share: Share
}

/** The longest task of each stretch of a visit, by its time on the processor. */
export interface Stretches {
  /** Until the chat's first line runs: Nuxt, Vue and the page. */
  page: Task
  /** From the chat's first line until the click, whatever the task did. */
  arrival: Task
  /** After the click. */
  opening: Task
}

interface TraceEvent { name: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number, args: { name?: string, fileName?: string, data?: { url?: string, fileName?: string, type?: string, documentLoaderURL?: string, isOutermostMainFrame?: boolean } } }

/** What DevTools' performance panel records; the samples of its profiler slow scripts down and are only taken for a trace that is kept. */
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', 'v8', 'v8.execute']
const SAMPLES = ['disabled-by-default-v8.cpu_profiler']

const shareOf: Record<string, (typeof shares)[number]> = {
  ...Object.fromEntries(['EvaluateScript', 'FunctionCall', 'RunMicrotasks', 'EventDispatch', 'TimerFire', 'FireAnimationFrame', 'FireIdleCallback', 'HandlePostMessage', 'MinorGC', 'MajorGC'].map(name => [name, 'scripts'])),
  ...Object.fromEntries(['UpdateLayoutTree', 'ParseAuthorStyleSheet'].map(name => [name, 'style'])),
  ...Object.fromEntries(['Layout', 'HitTest'].map(name => [name, 'layout'])),
  ...Object.fromEntries(['PrePaint', 'Paint', 'Layerize', 'Commit'].map(name => [name, 'paint'])),
}
const kindOf = (name: string) => shareOf[name] ?? (/^(?:v8\.|V8\.)/.test(name) ? 'scripts' : undefined)

/** Records the main thread while `work` goes on. `keep` names a file for the trace, to be opened in DevTools. */
export async function record(browser: Browser, page: Page, work: () => Promise<void>, keep?: string): Promise<TraceEvent[]> {
  await browser.startTracing(page, { categories: keep ? [...CATEGORIES, ...SAMPLES] : CATEGORIES, ...(keep ? { path: keep } : {}) })
  // Ended after a failure too, or the next one could not begin.
  const failure = await work().then(() => undefined, (problem: unknown) => ({ problem }))
  const bytes = await browser.stopTracing()
  if (failure) throw failure.problem
  return (JSON.parse(bytes.toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents
}

/** The thread that ran the page: where `address` was navigated to, or, where nothing was, the renderer's that worked most. */
function mainThread(events: TraceEvent[], address?: string): { pid: number, tid: number, ts: number } {
  if (address) {
    const start = events.filter(({ name, args }) => name === 'navigationStart' && args.data?.documentLoaderURL === address).at(-1)
    if (!start) throw new Error(`The trace has no visit of ${address}`)
    return start
  }
  const tasks = events.filter(({ name }) => name === 'RunTask')
  const busy = (of: TraceEvent) => tasks.filter(({ pid, tid }) => pid === of.pid && tid === of.tid).reduce((sum, { dur = 0 }) => sum + dur, 0)
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').sort((a, b) => busy(b) - busy(a))
  if (!mains[0]) throw new Error('The trace has no page')
  return { ...mains[0], ts: tasks[0]?.ts ?? 0 }
}

/** The tasks of the page's main thread, each with what it was spent on. An event that is none of the four counts with what caused it. */
export function tasksOf(events: TraceEvent[], address?: string): { tasks: Task[], thread: TraceEvent[], origin: number } {
  const start = mainThread(events, address)
  const thread = events.filter(({ ph, pid, tid }) => ph === 'X' && pid === start.pid && tid === start.tid).sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)
  const tasks: Task[] = []
  let open: { end: number, kind: (typeof shares)[number] }[] = []
  for (const { name, ts, dur = 0, tdur = dur } of thread) {
    open = open.filter(({ end }) => end > ts)
    if (name === 'RunTask' && !open.length) {
      tasks.push({ at: (ts - start.ts) / 1000, ms: dur / 1000, cpuMs: tdur / 1000, share: { scripts: 0, style: 0, layout: 0, paint: 0, rest: tdur / 1000 } })
      open.push({ end: ts + dur, kind: 'rest' })
      continue
    }
    const around = open.at(-1)
    const task = tasks.at(-1)
    if (!around || !task) continue
    const kind = kindOf(name) ?? around.kind
    task.share[kind] += tdur / 1000
    task.share[around.kind] -= tdur / 1000
    open.push({ end: ts + dur, kind })
  }
  return { tasks, thread, origin: start.ts }
}

const longest = (tasks: Task[]): Task => tasks.reduce((most, task) => (task.cpuMs > most.cpuMs ? task : most), { at: 0, ms: 0, cpuMs: 0, share: { scripts: 0, style: 0, layout: 0, paint: 0, rest: 0 } })

/**
 * Whose the longest tasks are. From the first line of the chat's own files on, everything counts as the chat's, also what
 * Vue, the browser and the page do meanwhile: too much rather than too little.
 */
export function stretchesOf(events: TraceEvent[], address: string, isChatFile: (path: string) => boolean): Stretches {
  const { tasks, thread, origin } = tasksOf(events, address)
  const isOurs = ({ name, args }: TraceEvent) => {
    const url = args.data?.url ?? args.data?.fileName ?? args.fileName
    return /^(?:EvaluateScript|FunctionCall|v8\.)/.test(name) && !!url && URL.canParse(url) && isChatFile(new URL(url).pathname)
  }
  const first = thread.find(isOurs)
  const click = thread.find(({ name, args }) => name === 'EventDispatch' && args.data?.type === 'pointerdown')
  if (!first || !click) throw new Error(first ? 'The trace has no click' : 'The trace has nothing of the chat')
  const firstAt = (first.ts - origin) / 1000
  const clickAt = (click.ts - origin) / 1000
  return {
    page: longest(tasks.filter(({ at, ms }) => at >= 0 && at + ms < firstAt)),
    arrival: longest(tasks.filter(({ at, ms }) => at + ms >= firstAt && at + ms < clickAt)),
    opening: longest(tasks.filter(({ at, ms }) => at + ms >= clickAt)),
  }
}
