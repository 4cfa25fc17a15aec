import { describe, expect, it } from 'vitest'
import { stretchesOf } from '../../../../bench/widget/trace'

const ADDRESS = 'http://localhost/'
const main = { pid: 1, tid: 1 }
/** Begins and lasts, in ms. */
const span = (name: string, at: number, ms: number, data: Record<string, string> = {}, of = main) => ({ name, ph: 'X', ts: at * 1000, dur: ms * 1000, ...of, args: { data } })

const visit = [
  { name: 'navigationStart', ph: 'R', ts: 0, ...main, args: { data: { documentLoaderURL: ADDRESS } } },
  // The page: 60 ms, of which 20 of styles inside of 50 of script.
  span('RunTask', 100, 60),
  span('EvaluateScript', 105, 50, { url: 'http://localhost/_nuxt/page.js' }),
  span('UpdateLayoutTree', 110, 20),
  // Another thread's, longer than all.
  span('RunTask', 100, 500, {}, { pid: 1, tid: 2 }),
  // The chat's first line, and a task of the page's own after it.
  span('RunTask', 300, 10),
  span('FunctionCall', 301, 5, { url: 'http://localhost/_nuxt/chat.js' }),
  { ...span('RunTask', 400, 90), tdur: 30_000 },
  span('Layout', 405, 20),
  span('RunTask', 1000, 40),
  span('EventDispatch', 1001, 38, { type: 'pointerdown' }),
  span('Paint', 1010, 8),
]

describe('whose a long task is', () => {
  const { page, arrival, opening } = stretchesOf(visit, ADDRESS, path => path === '/_nuxt/chat.js')

  it('is the page’s before the chat’s first line, and the chat’s from there on', () => {
    expect([page, arrival, opening].map(({ at, ms }) => [at, ms])).toEqual([[100, 60], [400, 90], [1000, 40]])
  })

  it('splits into what it was spent on, without counting anything twice', () => {
    expect(page.share).toEqual({ scripts: 30, style: 20, layout: 0, paint: 0, rest: 10 })
    expect(arrival.share).toEqual({ scripts: 0, style: 0, layout: 20, paint: 0, rest: 10 })
    expect(opening.share).toEqual({ scripts: 30, style: 0, layout: 0, paint: 8, rest: 2 })
  })

  it('says so where the chat or the click is missing', () => {
    expect(() => stretchesOf(visit, ADDRESS, () => false)).toThrow('nothing of the chat')
    expect(() => stretchesOf(visit.slice(0, -2), ADDRESS, path => path === '/_nuxt/chat.js')).toThrow('no click')
    expect(() => stretchesOf(visit, 'http://elsewhere/', () => true)).toThrow('no visit of http://elsewhere/')
  })
})
