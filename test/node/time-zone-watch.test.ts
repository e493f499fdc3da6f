import { afterEach, expect, test } from 'vitest'
import { formatTimeOfDay } from '../../src/core/base/text/format'
import { systemUtcOffset } from '../../src/node/clock'
import { createTimeZoneWatch } from '../../src/node/time-zone-watch'

const before = process.env['TZ']
/** In place of the system, whose zone Node reads when TZ changes. */
const move = (timeZone: string) => (): void => void (process.env['TZ'] = timeZone)

afterEach(() => {
  if (before === undefined) delete process.env['TZ']
  else process.env['TZ'] = before
})

const NOON = Date.UTC(2026, 0, 15, 12)

test('a changed zone is noticed once, and times, days and quiet hours are in it', () => {
  move('Europe/Berlin')()
  let zone = 'Europe/Berlin'
  const seen: string[] = []
  const watch = createTimeZoneWatch(
    (name) => seen.push(name),
    false,
    () => move(zone)(),
  )
  watch.check()
  expect([seen, formatTimeOfDay(NOON), systemUtcOffset(NOON)]).toEqual([[], '13:00', 3_600_000])
  zone = 'Asia/Tokyo'
  watch.check()
  watch.check()
  expect([seen, formatTimeOfDay(NOON), systemUtcOffset(NOON)]).toEqual([
    ['Asia/Tokyo'],
    '21:00',
    9 * 3_600_000,
  ])
})

test('a zone that the environment names stays', () => {
  move('Europe/Berlin')()
  const seen: string[] = []
  createTimeZoneWatch((name) => seen.push(name), true, move('Asia/Tokyo')).check()
  expect([seen, systemUtcOffset(NOON)]).toEqual([[], 3_600_000])
})
