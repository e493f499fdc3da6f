import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertHistory } from '../../../../src/core/alerts/alert-history'
import { planAlerts } from '../../../../src/core/alerts/alert-plan'
import { alertRulesOf } from '../../../../src/core/alerts/alert-switches'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { nightBefore, overnightAlert } from '../../../../src/core/money/costs/overnight'
import { emptyMonthBook, type StoppedPod } from '../../../../src/core/money/ledger/month-book'
import { monthOf } from '../../../../src/core/money/ledger/months'
import { defaultSettings } from '../../../../src/core/settings/settings'

const NANO = 1_000_000_000
/** Both change their clocks in the days of the tests. */
const zones = ['Europe/Berlin', 'America/New_York', 'UTC', 'Asia/Kolkata'] as const
const DST_MS = Date.parse('2026-10-24T12:00:00Z')

const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    }),
  ]),
)
/** The local date and time of day as text: "2026-10-25", "08:00:00". */
const local = (zone: (typeof zones)[number], atMs: number): readonly [string, string] => {
  const [date = '', time = ''] = formats.get(zone)!.format(atMs).split(', ')
  return [date, time]
}
const offsetIn = (zone: (typeof zones)[number]) => (atMs: number) => {
  const [date, time] = local(zone, atMs)
  return Date.parse(`${date}T${time}Z`) - Math.floor(atMs / 1_000) * 1_000
}

/** A stop that goes on saving $4.00/hr until its pod is started at `endedAtMs`. */
const stopAt = (
  atMs: number,
  name: string,
  perHourUsd: number | null = 4,
  endedAtMs = atMs + 12 * HOUR_MS,
) => ({
  name,
  atMs,
  saving: { key: `pod/${name}`, perHour: perHourUsd === null ? null : perHourUsd * NANO, endedAtMs },
})

function ledgerOf(stops: readonly StoppedPod[]) {
  return {
    book: (month: ReturnType<typeof monthOf>) => ({
      ...emptyMonthBook(month),
      stops: new Map(
        stops.flatMap((stop, at) => (monthOf(stop.atMs) === month ? [[String(at), stop] as const] : [])),
      ),
    }),
    lastObservations: () => new Map(),
  }
}

const utc = (text: string): number => Date.parse(`${text}Z`)
const at = (text: string, stops: readonly StoppedPod[], morning: string | null = null) =>
  overnightAlert('a', ledgerOf(stops), utc(text), morning, () => 0)

describe('the morning summary', () => {
  const two = [stopAt(utc('2026-11-30T23:00'), 'mcmc'), stopAt(utc('2026-12-01T04:00'), 'comfy', 0.5)]

  test('says how many pods were stopped overnight, what that saved, and which', () => {
    expect(at('2026-12-01T08:00', two)).toMatchObject({
      key: { kind: 'overnight', podId: null, episode: '2026-12-01' },
      title: 'Overnight: 2 pods stopped, $38.00 saved',
      body: 'Stopped or terminated by your rules: mcmc, comfy. The saving is an estimate, from each stop until it was last seen to be off.',
    })
    const again = stopAt(utc('2026-12-01T06:00'), 'mcmc')
    expect(at('2026-12-01T07:59', two)).toBeNull()
    expect(at('2026-12-01T08:00', [...two.slice(0, 1), again])?.title).toMatch(/^Overnight: 1 pod stopped, /)
  })

  test('comes at the time that is set, until the next night', () => {
    expect(at('2026-12-01T05:59', two, '06:00')).toBeNull()
    expect(at('2026-12-01T06:00', two, '06:00')).not.toBeNull()
    expect(at('2026-12-01T19:59', two)).not.toBeNull()
    expect(at('2026-12-01T20:00', two)).toBeNull()
  })

  test('says no saving that is not known, and a minimum of one that is known in part', () => {
    const [first] = two
    const unknown = stopAt(utc('2026-12-01T05:00'), 'other', null)
    expect(at('2026-12-01T08:00', [unknown])).toMatchObject({
      title: 'Overnight: 1 pod stopped',
      body: 'Stopped or terminated by your rules: other.',
    })
    expect(at('2026-12-01T08:00', [first!, unknown])?.title).toBe(
      'Overnight: 2 pods stopped, at least $36.00 saved',
    )
    const restarted = stopAt(utc('2026-12-01T05:00'), 'short', 4, utc('2026-12-01T05:30'))
    expect(at('2026-12-01T12:00', [restarted])?.title).toBe('Overnight: 1 pod stopped, $2.00 saved')
  })

  test('is not about a stop of the day, and there is none without a stop', () => {
    const byDay = [stopAt(utc('2026-11-30T19:59'), 'evening'), stopAt(utc('2026-12-01T08:00'), 'morning')]
    expect(at('2026-12-01T08:30', byDay)).toBeNull()
    expect(at('2026-12-01T08:30', [])).toBeNull()
  })
})

const rules = { ...alertRulesOf(defaultSettings, 0, false), isQuietHours: false }

test('each stop of a night is announced once, with its night, whatever sleeps, clock changes and summer time do', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.array(fc.integer({ min: 0, max: 10 * 24 * 60 }), { maxLength: 12 }),
      // The time between two polls: minutes, a sleep, or a clock that was set back.
      fc.array(
        fc.oneof(
          fc.integer({ min: 1, max: 240 }),
          fc.integer({ min: 240, max: 2_000 }),
          fc.integer({ min: -600, max: -1 }),
        ),
        { minLength: 60, maxLength: 120 },
      ),
      (zone, minutes, steps) => {
        const stops = minutes.map((minute, index) => stopAt(DST_MS + minute * MINUTE_MS, `p${index}`))
        const nightOf = ({ atMs }: StoppedPod): string | null => {
          const [date, time] = local(zone, atMs)
          if (time < '08:00:00') return date
          return time < '20:00:00'
            ? null
            : new Date(Date.parse(`${date}T00:00Z`) + DAY_MS).toISOString().slice(0, 10)
        }
        let history: AlertHistory = {}
        let nowMs = DST_MS
        const announced = new Map<string, string>()
        for (const step of steps) {
          nowMs += step * MINUTE_MS
          const seen = stops.filter((stop) => stop.atMs <= nowMs)
          const alert = overnightAlert('a', ledgerOf(seen), nowMs, null, offsetIn(zone))
          const plan = planAlerts(alert === null ? [] : [alert], history, nowMs, rules, true)
          history = plan.alertHistory
          const [date, time] = local(zone, nowMs)
          const due = seen.filter((stop) => nightOf(stop) === date)
          const isDay = time >= '08:00:00' && time < '20:00:00'
          expect(alert !== null).toBe(isDay && due.length > 0)
          for (const { alert: shown } of plan.steps) {
            expect(announced.has(shown.key.episode)).toBe(false)
            expect(shown.key.episode).toBe(date)
            expect(shown.title).toMatch(`${due.length === 1 ? '1 pod' : `${due.length} pods`} stopped`)
            announced.set(shown.key.episode, shown.title)
          }
          if (alert !== null) expect(announced.has(date)).toBe(true)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('the nights of two days share no moment', () => {
  for (const zone of zones)
    for (let nowMs = DST_MS - DAY_MS; nowMs < DST_MS + 12 * DAY_MS; nowMs += 30 * MINUTE_MS) {
      const night = nightBefore(nowMs, null, offsetIn(zone))
      const next = nightBefore(nowMs + DAY_MS, null, offsetIn(zone))
      if (night !== null && next !== null && night.date !== next.date)
        expect(next.fromMs).toBeGreaterThan(night.untilMs)
    }
})
