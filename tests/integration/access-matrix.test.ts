import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiRoute } from '#server/utils/api-route'
import { expectations, type Expectation } from '../support/access-expectations'
import { openAccessWorld, people, type AccessWorld, type Person } from '../support/access-world'
import { routes, startApi, type ApiHarness } from '../support/api'

/*
 * Every endpoint and method × {signed out, other customer, customer, disabled, disabled admin, admin} × {right, foreign,
 * unknown id}. The rows come from the routes themselves, what is right from tests/support/access-expectations.ts.
 */
const rows = (await Promise.all(routes.map(async ({ route, file, load }) => Object.entries(((await load()).default as Partial<ApiRoute>).methods ?? {}).map(([method, { access }]) => ({ route, file, method, access, name: `${method} ${route}` }))))).flat()

let api: ApiHarness
let answers = 0
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const ids = ['right', 'foreign', 'unknown'] as const
type Id = typeof ids[number]

/** What an answer must be. Whoever is not let in gets the same for any id: nobody learns from a refusal what there is. */
function expected({ access, ok, thing, unknown = 404, except }: Expectation, is: Person['is'], id: Id): number {
  if (access === 'public') return except?.[is] ?? ok
  if (is === 'signed out' || is === 'disabled' || is === 'disabled admin') return 401
  if (access === 'admin') return is !== 'admin' ? 403 : id === 'unknown' && thing ? unknown : ok
  if (!thing || (thing === 'task' && id !== 'unknown')) return ok
  return is === 'customer' && id === 'right' ? ok : unknown
}

describe('the authorisation matrix', () => {
  it('has an expectation for every route, and none for a route that is gone', () => {
    for (const { name, file } of rows) {
      expect(expectations[name], `${file} has ${name}, and nobody has said who may use it: add a line for it to tests/support/access-expectations.ts (and, if it names a new kind of thing, a maker to tests/support/access-world.ts)`).toBeDefined()
    }
    expect(Object.keys(expectations).filter(name => !rows.some(row => row.name === name)), 'take these lines out of tests/support/access-expectations.ts').toEqual([])
  })

  it.each(rows)('$name', async ({ name, method, route, access }) => {
    const expectation = expectations[name]!
    expect(access, `the route's access is not the one that tests/support/access-expectations.ts expects`).toBe(expectation.access)
    const world = await openAccessWorld(api)
    const call = async (person: Person, id: string) => {
      const { body, query = '', headers } = expectation.send?.(id, person) ?? {}
      answers++
      return person.client.request(method, route.replace(/:\w+/, id) + query, { body, headers })
    }
    // What names nothing is asked once by each.
    const cells = people.flatMap(is => (expectation.thing ? ids : ids.slice(0, 1)).map(id => ({ is, id, status: expected(expectation, is, id) })))
    const refused = cells.filter(({ status }) => status === 401 || status === 403 || status === 404)
    const things = { right: await thingOf(world, expectation, 'right'), foreign: await thingOf(world, expectation, 'foreign'), unknown: randomUUID() as string }
    const before = await world.fingerprint()
    const told = new Map<string, unknown>()
    for (const { is, id, status } of refused) {
      const answer = await call(world.people.find(person => person.is === is)!, things[id])
      expect([is, id, answer.status]).toEqual([is, id, status])
      const { request_id: _, ...words } = answer.body
      // Foreign and unknown, word for word: they cannot be told apart.
      expect(told.get(`${is} ${status}`) ?? words).toEqual(words)
      told.set(`${is} ${status}`, words)
    }
    expect(await world.fingerprint(), 'a refused call has changed something').toBe(before)

    for (const { is, id, status } of cells.filter(cell => !refused.includes(cell))) {
      // Some calls end what they are about, so each gets a world of its own.
      const fresh = await openAccessWorld(api)
      const answer = await call(fresh.people.find(person => person.is === is)!, id === 'unknown' ? randomUUID() : await thingOf(fresh, expectation, id))
      expect([is, id, answer.status, answer.text.slice(0, 300)]).toEqual([is, id, status, expect.anything()])
    }
  })

  it('has asked all of it', () => {
    expect(answers).toBe(rows.reduce((sum, { name }) => sum + people.length * (expectations[name]!.thing ? ids.length : 1), 0))
  })
})

const thingOf = (world: AccessWorld, { thing }: Expectation, whose: 'right' | 'foreign') => thing ? world.make(thing, whose) : Promise.resolve(randomUUID() as string)
