import { afterEach, describe, expect, test } from 'vitest'
import {
  configureFormats,
  formatDate,
  formatDuration,
  formatMoment,
  formatNumber,
  formatTimeOfDay,
  formatUsd,
  localeOfEnvironment,
  minutesOfDay,
} from '../../../../src/core/base/text/format'
import { isInQuietHours } from '../../../../src/core/settings/definitions/quiet-hours'
import { parseUsd } from '../../../../src/core/settings/definitions/usd-text'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'

const AT_14_05 = Date.UTC(2026, 10, 24, 14, 5)
const style = { nowMs: AT_14_05 + 20 * DAY_MS, timeZone: 'UTC' }

afterEach(() => configureFormats('ja-JP'))

describe('the region of the system decides clock, order of the date and separators, and the words stay English', () => {
  test.each([
    ['en-US', 'Nov 24, 2:05 PM', '$1,234.50'],
    ['en-GB', '24 Nov, 14:05', '$1,234.50'],
    ['de-DE', '24 Nov, 14:05', '$1.234,50'],
    ['fr-FR', '24 Nov, 14:05', '$1 234,50'],
    ['tr-TR', 'Nov 24, 14:05', '$1,234.50'],
    ['ar', 'Nov 24, 2:05 PM', '$1,234.50'],
    ['ja-JP', 'Nov 24, 14:05', '$1,234.50'],
    ['en-IN', '24 Nov, 2:05 PM', '$1,234.50'],
  ])('%s: %s, %s', (locale, moment, money) => {
    configureFormats(locale)
    expect(formatMoment(AT_14_05, style)).toBe(moment)
    expect(formatUsd(1_234.5).replace(/[\u00a0\u202f]/, ' ')).toBe(money)
    expect(formatDuration(2 * HOUR_MS + 14 * MINUTE_MS)).toBe('2 h 14 min')
    expect(formatDate(AT_14_05, { month: 'long', timeZone: 'UTC' })).toBe('November')
  })

  test.each(['en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN', 'ar', 'ja-JP', 'tr-TR'])(
    'in %s, an amount that is shown can be typed again',
    (locale) => {
      configureFormats(locale)
      for (const usd of [0.5, 49.5, 600, 1_000, 12_345.67, 999_999]) {
        // India groups by hundreds above a thousand, which no typed amount may.
        if (locale === 'en-IN' && usd >= 100_000) continue
        expect(parseUsd(formatUsd(usd))).toBe(usd)
      }
    },
  )
})

test('midnight and noon are distinguished on a clock of 12 hours', () => {
  configureFormats('en-US')
  const at = (hour: number, minute: number) => formatTimeOfDay(Date.UTC(2026, 0, 1, hour, minute), 'UTC')
  expect([at(0, 0), at(0, 5), at(11, 59), at(12, 0), at(13, 0), at(23, 59)]).toEqual([
    '12:00 AM',
    '12:05 AM',
    '11:59 AM',
    '12:00 PM',
    '1:00 PM',
    '11:59 PM',
  ])
})

test('the quiet hours are the same on either clock', () => {
  const hours = { quietHoursFrom: '22:00', quietHoursTo: '07:00' }
  for (const locale of ['en-US', 'de-DE', 'ar']) {
    configureFormats(locale)
    const isQuiet = (hour: number) => isInQuietHours(Date.UTC(2026, 0, 1, hour), hours, 'UTC')
    expect([21, 22, 0, 6, 7, 10, 14].map(isQuiet)).toEqual([false, true, true, true, false, false, false])
    expect(minutesOfDay(AT_14_05, 'UTC')).toBe(14 * 60 + 5)
  }
})

test('a locale that nobody knows changes nothing', () => {
  configureFormats('de-DE')
  for (const locale of ['', 'C', 'x', 'not a locale', '../../etc', 'de_DE', '"><script>'])
    configureFormats(locale)
  expect(formatNumber(1_234.5, 1)).toBe('1.234,5')
})

test.each([
  [{ LANG: 'de_DE.UTF-8' }, 'de-DE'],
  [{ LANG: 'en_US.UTF-8', LC_TIME: 'de_AT.UTF-8' }, 'de-AT'],
  [{ LANG: 'en_US', LC_TIME: 'de_DE', LC_ALL: 'ja_JP.eucJP' }, 'ja-JP'],
  [{ LANG: 'sr_RS@latin' }, 'sr-RS'],
  [{ LANG: 'ar' }, 'ar'],
  [{ LANG: 'C' }, null],
  [{ LANG: 'C.UTF-8' }, null],
  [{ LC_ALL: 'POSIX' }, null],
  [{ LANG: 'en-US; rm -rf' }, null],
  [{}, null],
])('%o is the locale %s', (env, locale) => {
  expect(localeOfEnvironment(env)).toBe(locale)
})
