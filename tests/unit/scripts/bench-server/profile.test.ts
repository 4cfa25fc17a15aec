import { describe, expect, it } from 'vitest'
import { functionList, moduleTable, readProfile, type CpuProfile } from '../../../../scripts/bench-server/profile'

const frame = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url, lineNumber: 0, columnNumber: 0 } })

/** Four parts busy in five: two of them the garbage collector's. */
const profile: CpuProfile = {
  nodes: [
    frame(1, '(idle)'), frame(2, '(garbage collector)'), frame(3, 'parse', 'file:///app/.output/server/node_modules/@scope/thing/index.js'),
    frame(4, 'parserOnHeadersComplete', 'node:_http_common'), frame(5, 'writev'),
  ],
  samples: [1, 2, 3, 2, 4],
  timeDeltas: [1_000, 500, 1_000, 1_500, 1_000],
  startTime: 0,
  endTime: 5_000,
}

describe('A profile of the server', () => {
  it('is read as shares of the time in which it did something', () => {
    const read = readProfile('idle poll', profile)
    expect(read.busyPercent).toBe(80)
    expect(read.modules).toEqual([{ what: 'garbage collection', percent: 50 }, { what: '@scope/thing', percent: 25 }, { what: 'node: http', percent: 25 }])
    expect(read.functions[1]).toEqual({ what: 'parse, @scope/thing/index.js', percent: 25 })
  })

  it('counts what Node does outside of any script as such', () => {
    const { modules } = readProfile('x', { ...profile, samples: [5], timeDeltas: [1] })
    expect(modules).toEqual([{ what: 'native functions of Node', percent: 100 }])
  })

  it('is shown scenario beside scenario, and by function', () => {
    const read = readProfile('idle poll', profile)
    const other = readProfile('bare route', { ...profile, samples: [4], timeDeltas: [1] })
    expect(moduleTable([read, other]).split('\n')).toEqual([
      '| % of the server’s own time | idle poll | bare route |',
      '|---|---:|---:|',
      '| node: http | 25 | 100 |',
      '| garbage collection | 50 |  |',
      '| @scope/thing | 25 |  |',
    ])
    expect(functionList(read)).toContain('50.0 %  garbage collection')
  })
})
