import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Frame { functionName: string, url: string, lineNumber: number, columnNumber: number }
interface Node { id: number, callFrame: Frame, children?: number[] }
export interface CpuProfile { nodes: Node[], samples: number[], timeDeltas: number[], startTime: number, endTime: number }

/** Part of the time in which the process did something; what that is, and where it stands. */
export interface Share { what: string, percent: number }
export interface Profile {
  scenario: string
  /** Part of the time in which the process did anything at all. */
  busyPercent: number
  /** By module, largest first. */
  modules: Share[]
  /** By function, largest first. */
  functions: Share[]
}

/** Where time is spent that belongs to no script. */
const OUTSIDE: Record<string, string> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'outside JavaScript: system calls, V8',
}

/** What a sampled profile says of a scenario: time by module and by function, each function's own time only. */
export function readProfile(scenario: string, profile: CpuProfile): Profile {
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const own = belowProfiler(profile.nodes)
  const modules = new Map<string, number>()
  const functions = new Map<string, number>()
  let busy = 0
  let all = 0
  profile.samples.forEach((id, index) => {
    const time = Math.max(0, profile.timeDeltas[index] ?? 0)
    const frame = places.get(id)!
    if (own.has(id)) return
    all += time
    if (frame.functionName === '(idle)') return
    busy += time
    const { module, place } = placeOf(frame)
    modules.set(module, (modules.get(module) ?? 0) + time)
    functions.set(place, (functions.get(place) ?? 0) + time)
  })
  const shares = (times: Map<string, number>): Share[] => [...times].map(([what, time]) => ({ what, percent: time / busy * 100 })).sort((a, b) => b.percent - a.percent)
  return { scenario, busyPercent: busy / all * 100, modules: shares(modules).slice(0, 24), functions: shares(functions).slice(0, 12) }
}

/** What the profiler itself does, by node: profiler.mjs and all that it calls. */
function belowProfiler(nodes: Node[]): Set<number> {
  const below = new Set<number>()
  // A node stands after the one that calls it.
  for (const { id, callFrame, children = [] } of nodes) if (below.has(id) || callFrame.url.endsWith('/profiler.mjs')) [id, ...children].forEach(each => below.add(each))
  return below
}

function placeOf(frame: Frame): { module: string, place: string } {
  const outside = OUTSIDE[frame.functionName]
  if (outside) return { module: outside, place: outside }
  const name = frame.functionName || '(anonymous)'
  if (!frame.url) return { module: 'native functions of Node', place: `${name}, native` }
  const source = sourceOf(frame)
  const module = moduleOf(source)
  return { module, place: `${name}, ${source.replace(/^.*node_modules\//, '')}` }
}

/** `server/db`, `h3`, `node:http` … */
function moduleOf(source: string): string {
  if (source.startsWith('node:')) return nodeModule(source)
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)
  if (inPackage) return inPackage[1]!
  const own = /(?:^|\/)((?:server\/(?:services\/)?|shared\/|drizzle\/)[^/]+)\//.exec(source)
  return own ? own[1]! : source
}

/** Node's own scripts, in a few words each. */
function nodeModule(source: string): string {
  if (/http|_agent/.test(source)) return 'node: http'
  if (/net|stream|internal\/(?:js_stream|tcp)|wrap_js/.test(source)) return 'node: sockets and streams'
  if (/timers|task_queues|async_hooks|async_local|events|process\//.test(source)) return 'node: timers, promises, events'
  if (/crypto/.test(source)) return 'node: crypto'
  if (/buffer|util|url|encoding/.test(source)) return 'node: buffers, text'
  return 'node: other'
}

const maps = new Map<string, SourceMap | null>()

/** Where a function of the build comes from, as far as its source map tells. */
function sourceOf({ url, lineNumber, columnNumber }: Frame): string {
  if (!url.startsWith('file:')) return url
  const file = fileURLToPath(url)
  if (!maps.has(file)) maps.set(file, existsSync(`${file}.map`) ? new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8'))) : null)
  const entry = maps.get(file)?.findEntry(lineNumber, columnNumber) as { originalSource?: string } | undefined
  return entry?.originalSource ? relative('.', join(dirname(file), entry.originalSource)) : relative('.', file)
}

const percent = (value: number | undefined) => value === undefined ? '' : value < 0.5 ? '<1' : value.toFixed(0)

/** Modules by scenario, in percent of the server's busy time, as a Markdown table. */
export function moduleTable(profiles: Profile[]): string {
  const total = new Map<string, number>()
  for (const { modules } of profiles) for (const { what, percent } of modules) total.set(what, (total.get(what) ?? 0) + percent)
  const rows = [...total].sort((a, b) => b[1] - a[1]).filter(([, sum]) => sum / profiles.length >= 0.8)
  return [
    `| % of the server’s own time | ${profiles.map(({ scenario }) => scenario).join(' | ')} |`,
    `|---|${profiles.map(() => '---:|').join('')}`,
    ...rows.map(([what]) => `| ${what} | ${profiles.map(({ modules }) => percent(modules.find(share => share.what === what)?.percent)).join(' | ')} |`),
  ].join('\n')
}

/** The functions that a scenario spends most time in, for the terminal. */
export function functionList({ scenario, busyPercent, functions }: Profile): string {
  return [`${scenario} (busy ${busyPercent.toFixed(0)} %)`, ...functions.map(({ what, percent: share }) => `  ${share.toFixed(1).padStart(5)} %  ${what}`)].join('\n')
}
