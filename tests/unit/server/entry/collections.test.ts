import { expect, it, vi } from 'vitest'
import { Collections } from '#server/entry/collections'

function collect(workers: number[], answerMs?: number) {
  const collections = new Collections(answerMs)
  const asked: [number, number][] = []
  const done = vi.fn()
  collections.begin(workers, { ask: (...question) => asked.push(question), done })
  return { collections, asked, done, number: asked[0]?.[1] ?? 0 }
}

it('is done when every worker has answered, each once', () => {
  const { collections, asked, done, number } = collect([1, 2])
  expect(asked).toEqual([[1, number], [2, number]])
  collections.answer(number, 2, 'two')
  collections.answer(number, 2, 'two again')
  expect(done).not.toHaveBeenCalled()
  collections.answer(number, 1, 'one')
  expect(done.mock.calls).toEqual([[['two', 'one']]])
  collections.answer(number, 1, 'late')
  expect(done).toHaveBeenCalledTimes(1)
})

it('goes on without a worker that died or could not answer', () => {
  const { collections, done, number } = collect([1, 2, 3])
  collections.answer(number, 3, null)
  collections.answer(number, 1, 'one')
  collections.forget(2)
  expect(done.mock.calls).toEqual([[['one']]])
})

it('does not wait for ever', async () => {
  const { collections, done, number } = collect([1, 2], 5)
  collections.answer(number, 1, 'one')
  await vi.waitFor(() => expect(done.mock.calls).toEqual([[['one']]]))
})

it('is empty at once where nobody serves, and keeps two collections apart', () => {
  expect(collect([]).done.mock.calls).toEqual([[[]]])
  const { collections, done, number } = collect([1])
  const other = vi.fn()
  collections.begin([1], { ask: () => {}, done: other })
  collections.answer(number, 1, 'first')
  expect(done.mock.calls).toEqual([[['first']]])
  expect(other).not.toHaveBeenCalled()
})
