import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { useWindow } from '~/composables/chat/use-window'
import type { ChatMessage } from '#shared/contracts/chat'

const message = (seq: number): ChatMessage => ({ id: `m${seq}`, sender: 'bot', text: `${seq}`, timestamp: new Date(1_750_000_000_000 + seq * 1000).toISOString(), seq })
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index))

function opened(from: number, to: number, isFilled = true) {
  const messages = shallowRef(run(from, to))
  const isAtEnd = ref(true)
  const view = effectScope().run(() => useWindow(() => messages.value, () => isAtEnd.value))!
  if (isFilled) view.fill()
  const drawn = () => {
    const seqs = view.rows.value.map(row => row.message.seq)
    return [seqs[0], seqs.at(-1)]
  }
  return { messages, isAtEnd, view, drawn }
}

describe('the part of a long conversation that is drawn', () => {
  it('is its end, and all of a short one', () => {
    expect(opened(1, 10).drawn()).toEqual([1, 10])
    const { drawn, view } = opened(1, 1000)
    expect(drawn()).toEqual([976, 1000])
    expect([view.hasMoreAbove.value, view.hasMoreBelow.value]).toEqual([true, false])
  })

  it('is a screen’s worth at first, and a whole step once that stands', () => {
    const { drawn, view } = opened(1, 1000, false)
    expect(drawn()).toEqual([989, 1000])
    view.fill()
    expect(drawn()).toEqual([976, 1000])
    view.up()
    view.fill()
    expect(drawn()).toEqual([951, 1000])
  })

  it('grows upwards, then moves with the reader, and never holds more than 125', () => {
    const { drawn, view } = opened(1, 1000)
    for (let step = 0; step < 4; step++) view.up()
    expect([drawn(), view.hasMoreBelow.value]).toEqual([[876, 1000], false])
    view.up()
    expect([drawn(), view.hasMoreBelow.value]).toEqual([[851, 975], true])
    for (let step = 0; step < 40; step++) view.up()
    expect([drawn(), view.hasMoreAbove.value, view.hasMoreBelow.value]).toEqual([[1, 125], false, true])
  })

  it('is never cut below when less than a step is left above', () => {
    const { drawn, view } = opened(1, 135)
    for (let step = 0; step < 5; step++) view.up()
    expect(drawn()).toEqual([1, 125])
  })

  it('moves down again to the newest', () => {
    const { drawn, view } = opened(1, 300)
    for (let step = 0; step < 7; step++) view.up()
    expect(drawn()).toEqual([101, 225])
    view.down()
    expect(drawn()).toEqual([126, 250])
    for (let step = 0; step < 3; step++) view.down()
    expect([drawn(), view.hasMoreBelow.value]).toEqual([[176, 300], false])
  })

  it('stays where the reader is while messages come, and goes to the newest when asked', async () => {
    const { messages, drawn, view } = opened(1, 300)
    for (let step = 0; step < 7; step++) view.up()
    messages.value = run(1, 310)
    await nextTick()
    expect(drawn()).toEqual([101, 225])
    view.toTail()
    expect([drawn(), view.hasMoreBelow.value]).toEqual([[286, 310], false])
  })

  it('follows the newest, and takes nothing away above a reader who is a little further up', async () => {
    const { messages, isAtEnd, drawn, view } = opened(1, 100)
    messages.value = run(1, 102)
    await nextTick()
    expect(drawn()).toEqual([78, 102])
    isAtEnd.value = false
    messages.value = run(1, 110)
    await nextTick()
    expect(drawn()).toEqual([78, 110])
    view.toTail()
    expect(drawn()).toEqual([78, 110])
    view.reset()
    expect(drawn()).toEqual([86, 110])
  })

  it('stays when earlier messages are put in front', () => {
    const { messages, drawn, view } = opened(201, 400)
    for (let step = 0; step < 7; step++) view.up()
    expect(drawn()).toEqual([201, 325])
    messages.value = run(151, 400)
    expect(drawn()).toEqual([201, 325])
    view.up()
    expect(drawn()).toEqual([176, 300])
  })

  it('of nothing is nothing', () => {
    const { view } = opened(1, 0)
    expect([view.rows.value, view.hasMoreAbove.value, view.hasMoreBelow.value]).toEqual([[], false, false])
    view.up()
    view.down()
    expect(view.rows.value).toEqual([])
  })
})
