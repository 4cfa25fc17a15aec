import { describe, expect, it } from 'vitest'
import { Gathering } from '#server/db/gathering'

/** A database that answers when it is told to; what it was asked, statement by statement. */
function slowDatabase() {
  const statements: { keys: string[], answer: (fail?: Error) => void }[] = []
  const ask = (keys: string[]) => new Promise<(string | null)[]>((resolve, reject) => {
    statements.push({ keys, answer: fail => fail ? reject(fail) : resolve(keys.map(key => key === 'nobody' ? null : `${key}’s`)) })
  })
  const gathering = new Gathering<string, string>(async key => (await ask([key]))[0]!, ask)
  return { statements, find: (key: string) => gathering.find(key) }
}

/** Everything that was waiting for an answer has gone on. */
const turn = () => new Promise(resolve => setImmediate(resolve))

describe('Look-ups', () => {
  it('go out one by one while they are few', async () => {
    const { statements, find } = slowDatabase()
    const found = [find('anna'), find('ben')]
    expect(statements.map(({ keys }) => keys)).toEqual([['anna'], ['ben']])
    for (const { answer } of statements) answer()
    expect(await Promise.all(found)).toEqual(['anna’s', 'ben’s'])
  })

  it('wait while two are under way and then go together, each with what is its own', async () => {
    const { statements, find } = slowDatabase()
    const found = ['anna', 'ben', 'carla', 'nobody', 'dora'].map(find)
    expect(statements).toHaveLength(2)
    statements[1]!.answer()
    expect(await found[1]).toBe('ben’s')
    await turn()
    expect(statements.map(({ keys }) => keys)).toEqual([['anna'], ['ben'], ['carla', 'nobody', 'dora']])
    statements[0]!.answer()
    statements[2]!.answer()
    expect(await Promise.all(found)).toEqual(['anna’s', 'ben’s', 'carla’s', null, 'dora’s'])
  })

  it('go 200 to a statement at most', async () => {
    const { statements, find } = slowDatabase()
    const found = Array.from({ length: 500 }, (_, n) => find(`customer ${n}`))
    for (let answered = 0; answered < 5; answered++) {
      statements[answered]!.answer()
      await turn()
    }
    expect(statements.map(({ keys }) => keys.length)).toEqual([1, 1, 200, 200, 98])
    expect((await Promise.all(found))[499]).toBe('customer 499’s')
  })

  it('fail with their statement, and those after it are asked all the same', async () => {
    const { statements, find } = slowDatabase()
    const found = ['anna', 'ben', 'carla', 'dora'].map(find)
    const failing = Promise.allSettled(found)
    statements[0]!.answer(new Error('The database is away'))
    await expect(found[0]).rejects.toThrow('away')
    await turn()
    statements[2]!.answer(new Error('Still away'))
    await expect(found[3]).rejects.toThrow('Still away')
    await turn()
    const later = find('emil')
    statements[1]!.answer()
    statements[3]!.answer()
    expect(await later).toBe('emil’s')
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected'])
  })
})
