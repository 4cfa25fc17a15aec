import { describe, expect, it } from 'vitest'
import { daysBetween, dueDate, weddingTaskGroups, weddingTasks, type WeddingTask } from '../../../shared/wedding-checklist'

const task = (before: WeddingTask['before']): WeddingTask => ({ key: 'any', title: 'Any task', before })

describe('weddingTasks', () => {
  it('holds about two dozen tasks, each with a key of its own in kebab case', () => {
    const keys = weddingTasks.map(one => one.key)
    expect(keys.length).toBeGreaterThanOrEqual(24)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.every(key => /^[a-z]+(-[a-z]+)*$/.test(key))).toBe(true)
    expect(weddingTaskGroups.every(group => group.tasks.length > 0)).toBe(true)
  })

  it.each(['2027-06-19', '2028-02-29', '2027-03-31', '2027-12-31'])('falls due in the order of the list for a wedding on %s', (wedding) => {
    const dates = weddingTasks.map(one => dueDate(wedding, one))
    expect([...dates].sort()).toEqual(dates)
  })
})

describe('dueDate', () => {
  it.each([
    ['2027-06-19', 12, '2026-06-19'],
    ['2027-06-19', 5, '2027-01-19'],
    ['2027-06-19', 6, '2026-12-19'],
    ['2027-01-15', 1, '2026-12-15'],
    ['2027-05-31', 3, '2027-02-28'],
    ['2028-05-31', 3, '2028-02-29'],
    ['2028-02-29', 12, '2027-02-28'],
    ['2027-07-31', 1, '2027-06-30'],
    ['2100-05-31', 3, '2100-02-28'],
  ])('puts a task for a wedding on %s, %i months before, on %s', (wedding, count, due) => {
    expect(dueDate(wedding, task({ months: count }))).toBe(due)
  })

  it.each([
    ['2027-06-19', 14, '2027-06-05'],
    ['2028-03-01', 1, '2028-02-29'],
    ['2027-03-01', 1, '2027-02-28'],
    ['2027-03-29', 1, '2027-03-28'],
    ['2026-12-20', -14, '2027-01-03'],
  ])('puts a task for a wedding on %s, %i days before, on %s', (wedding, count, due) => {
    expect(dueDate(wedding, task({ days: count }))).toBe(due)
  })

  it.each(['', '19/06/2027', '2027-6-19', '2027-13-01'])('refuses %j, which is no date', (wedding) => {
    expect(() => dueDate(wedding, task({ days: 1 }))).toThrow(RangeError)
  })
})

describe('daysBetween', () => {
  it('counts whole days, across a change of clocks and a leap day, and backwards', () => {
    expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2)
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2)
    expect(daysBetween('2027-06-19', '2027-06-19')).toBe(0)
    expect(daysBetween('2027-06-19', '2027-06-01')).toBe(-18)
  })
})
