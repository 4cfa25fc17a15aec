import { describe, expect, it } from 'vitest'
import { handoverReply } from '#server/services/handover/handover-reply'
import { awayUntil, isOfficeOpen, nextOpening } from '#server/services/handover/office-hours'
import { officeHoursSchema, type OfficeHours } from '#shared/contracts/office-hours'

// Monday and Tuesday, with a long midday break; Saturday morning until the end of the day.
const hours: OfficeHours = { zone: 'Europe/Athens', week: [{ day: 1, from: '09:00', to: '13:00' }, { day: 1, from: '17:30', to: '20:00' }, { day: 2, from: '09:00', to: '13:00' }, { day: 6, from: '10:00', to: '24:00' }] }
// Athens is two hours ahead of UTC in winter; 23 November 2026 is a Monday.
const monday = (utc: string) => new Date(`2026-11-23T${utc}:00Z`)

describe('office hours', () => {
  it('begin and end to the minute, in the office’s own zone', () => {
    expect(['06:59', '07:00', '10:59', '11:00', '15:29', '15:30', '18:00'].map(time => isOfficeOpen(hours, monday(time)))).toEqual([false, true, true, false, false, true, false])
    expect(isOfficeOpen(hours, new Date('2026-11-28T21:59:00Z'))).toBe(true)
    expect(isOfficeOpen(hours, new Date('2026-11-28T22:00:00Z'))).toBe(false)
  })

  it('follow summer time', () => {
    expect(isOfficeOpen(hours, new Date('2026-07-06T06:00:00Z'))).toBe(true)
    expect(isOfficeOpen(hours, new Date('2026-07-06T05:59:00Z'))).toBe(false)
  })

  it('promise nothing where there are none', () => expect(isOfficeOpen(null, new Date())).toBe(true))

  it('tell when the office opens next: later today, tomorrow, or over the end of the week', () => {
    expect(nextOpening(hours, monday('12:00'))).toEqual({ day: 1, from: '17:30', daysAhead: 0 })
    expect(nextOpening(hours, monday('20:00'))).toEqual({ day: 2, from: '09:00', daysAhead: 1 })
    expect(nextOpening(hours, new Date('2026-11-29T09:00:00Z'))).toEqual({ day: 1, from: '09:00', daysAhead: 1 })
    expect(nextOpening({ zone: 'UTC', week: [{ day: 3, from: '10:00', to: '11:00' }] }, new Date('2026-11-25T12:00:00Z'))).toEqual({ day: 3, from: '10:00', daysAhead: 7 })
  })

  it('tell until when nobody answers, also over a change of the clocks', () => {
    expect(awayUntil(null, monday('12:00'))).toBeNull()
    expect(awayUntil(hours, monday('08:00'))).toBeNull()
    expect(awayUntil(hours, new Date('2026-11-23T12:00:41.500Z'))?.toISOString()).toBe('2026-11-23T15:30:00.000Z')
    expect(awayUntil(hours, new Date('2026-11-29T09:00:00Z'))?.toISOString()).toBe('2026-11-30T07:00:00.000Z')
    // In Athens the clocks go back in the night to 25 October 2026 and forward in the night to 28 March 2027.
    expect(awayUntil(hours, new Date('2026-10-24T22:00:00Z'))?.toISOString()).toBe('2026-10-26T07:00:00.000Z')
    expect(awayUntil(hours, new Date('2027-03-27T23:00:00Z'))?.toISOString()).toBe('2027-03-29T06:00:00.000Z')
    const midnight: OfficeHours = { zone: 'Europe/Athens', week: [{ day: 1, from: '00:00', to: '01:00' }] }
    expect(awayUntil(midnight, new Date('2026-10-24T12:00:00Z'))?.toISOString()).toBe('2026-10-25T22:00:00.000Z')
  })

  it('are said in both languages, with an address to write to', () => {
    const config = { officeHours: hours, contactEmail: 'hello@example.com' }
    expect(handoverReply(config, 'en', monday('08:00')).text).toMatch(/^I have told our planners/)
    expect(handoverReply(config, 'en', monday('12:00')).text).toMatch(/back today at 17:30\..*\[hello@example\.com\]\(mailto:hello@example\.com\)/)
    expect(handoverReply(config, 'en', new Date('2026-11-26T12:00:00Z')).text).toContain('back on Saturday at 10:00')
    expect(handoverReply(config, 'el', monday('20:00')).text).toContain('αύριο στις 09:00')
    expect(handoverReply(config, 'el', new Date('2026-11-26T12:00:00Z')).text).toContain('το Σάββατο στις 10:00')
    expect(handoverReply({ officeHours: hours, contactEmail: null }, 'en', monday('12:00')).text).not.toContain('mailto')
  })

  it.each([
    ['an unknown zone', { zone: 'Athens', week: [{ day: 1, from: '09:00', to: '10:00' }] }],
    ['an end before its beginning', { zone: 'UTC', week: [{ day: 1, from: '18:00', to: '02:00' }] }],
    ['overlapping stretches', { zone: 'UTC', week: [{ day: 1, from: '09:00', to: '12:00' }, { day: 1, from: '11:00', to: '13:00' }] }],
    ['an eighth day', { zone: 'UTC', week: [{ day: 8, from: '09:00', to: '12:00' }] }],
    ['a time that is none', { zone: 'UTC', week: [{ day: 1, from: '9', to: '12:00' }] }],
    ['a week without hours', { zone: 'UTC', week: [] }],
  ])('refuse %s', (_, value) => expect(officeHoursSchema.safeParse(value).success).toBe(false))
})
