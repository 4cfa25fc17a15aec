import { expect, it } from 'vitest'
import { addDays, countDaysBetween, dayIn, rangesOf, stepsOf, unitFor } from '#server/services/analytics/days'

it('days are counted over months, leap years and clock changes', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  expect(countDaysBetween('2026-03-01', '2026-03-31')).toBe(31)
  expect(countDaysBetween('2026-03-09', '2026-03-09')).toBe(1)
})

it('a moment belongs to another day elsewhere', () => {
  const moment = new Date('2026-03-09T23:30:00Z')
  expect([dayIn('UTC', moment), dayIn('Europe/Athens', moment), dayIn('America/Lima', moment)]).toEqual(['2026-03-09', '2026-03-10', '2026-03-09'])
})

it('a period is cut into weeks from Monday and into months', () => {
  expect([unitFor(62), unitFor(63), unitFor(421)]).toEqual(['day', 'week', 'month'])
  expect(stepsOf('2026-03-04', '2026-03-17', 'week')).toEqual([{ from: '2026-03-04', to: '2026-03-08' }, { from: '2026-03-09', to: '2026-03-15' }, { from: '2026-03-16', to: '2026-03-17' }])
  expect(stepsOf('2028-01-31', '2028-03-01', 'month')).toEqual([{ from: '2028-01-31', to: '2028-01-31' }, { from: '2028-02-01', to: '2028-02-29' }, { from: '2028-03-01', to: '2028-03-01' }])
})

it('neighbouring days become one range', () => {
  expect(rangesOf(['2026-03-02', '2026-02-28', '2026-03-01', '2026-03-05', '2026-03-05'])).toEqual([{ from: '2026-02-28', to: '2026-03-02' }, { from: '2026-03-05', to: '2026-03-05' }])
  expect(rangesOf([])).toEqual([])
})
