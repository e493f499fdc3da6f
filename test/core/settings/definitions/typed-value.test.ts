import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type SettingName,
  settingList,
  settingNames,
} from '../../../../src/core/settings/definitions/setting-list'
import type { Setting } from '../../../../src/core/settings/definitions/setting-types'
import {
  parseTyped,
  settingValueText,
  shownNumber,
  understoodText,
} from '../../../../src/core/settings/definitions/typed-value'
import { parseUsd } from '../../../../src/core/settings/definitions/usd-text'
import { budgetOf } from '../../../../src/core/settings/definitions/money-settings'
import { settingProblem } from '../../../../src/core/settings/settings'

const setting = (name: SettingName): Setting => settingList[name]
const numberNames = settingNames.filter((name) => settingList[name].kind === 'number')

describe('a number is shown in its natural unit', () => {
  test.each([
    [360, 'minutes', '6', 'hours'],
    [60, 'minutes', '1', 'hour'],
    [90, 'minutes', '90', 'minutes'],
    [300, 'seconds', '5', 'minutes'],
    [5, 'seconds', '5', 'seconds'],
    [0.05, 'minutes', '3', 'seconds'],
    [0.001, 'minutes', '0.001', 'minutes'],
    [24, 'hours', '24', 'hours'],
    [168, 'hours', '7', 'days'],
    [0, 'minutes', '0', 'minutes'],
    [5, '%', '5', '%'],
    [10_000, 'lines', '10000', 'lines'],
  ] as const)('%d %s as %s %s', (value, unit, text, shownUnit) => {
    expect(shownNumber(value, unit)).toEqual({ text, unit: shownUnit })
  })

  test('and what is shown is read back as the same value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...numberNames),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (name, share) => {
          const one = setting(name)
          if (one.kind !== 'number') return
          const value = Number((one.min + share * (one.max - one.min)).toFixed(2))
          const { text, unit } = shownNumber(value, one.unit)
          expect(parseTyped(one, text, unit)).toBeCloseTo(value, 8)
          expect(parseTyped(one, `${text} ${unit}`)).toBeCloseTo(value, 8)
        },
      ),
    )
  })
})

describe('a time is understood', () => {
  test.each([
    ['6', 'hours', 360],
    ['90', undefined, 90],
    ['90 min', 'hours', 90],
    ['1h30m', 'hours', 90],
    ['1 h 30 min', undefined, 90],
    ['2 days', 'hours', 2_880],
    ['45 seconds', undefined, 0.75],
    ['1,5', 'hours', 90],
    ['.5', 'hours', 30],
  ])('from “%s” beside %s as %d minutes', (typed, unit, minutes) => {
    expect(parseTyped(setting('autoStopAfterMin'), typed, unit)).toBe(minutes)
  })

  test.each(['six', '6 parsecs', '1h30', 'h', '1e3', '0x10', '--6', 'NaN', 'Infinity'])(
    'from “%s” as nothing, which is rejected with a reason',
    (typed) => {
      const value = parseTyped(setting('autoStopAfterMin'), typed, 'hours')
      expect(settingProblem('autoStopAfterMin', value)).toBe('must be a number')
    },
  )

  test('and what was understood is shown where it is written in another way', () => {
    expect(understoodText(setting('autoStopAfterMin'), '90 min', 'hours')).toBe('90 minutes')
    expect(understoodText(setting('autoStopAfterMin'), '1h30m', 'hours')).toBe('90 minutes')
    expect(understoodText(setting('autoStopAfterMin'), '6', 'hours')).toBeNull()
    expect(understoodText(setting('autoStopAfterMin'), 'six', 'hours')).toBeNull()
    expect(understoodText(setting('monthlyBudgetUsd'), '$1,000')).toBe('$1,000.00')
    expect(understoodText(setting('monthlyBudgetUsd'), '600')).toBeNull()
    expect(understoodText(setting('monthlyBudgetUsd'), '1.000')).toBeNull()
  })
})

describe('an amount is understood', () => {
  test.each([
    ['600', 600],
    ['$500', 500],
    ['1,000', 1_000],
    ['$1,234,567.89', 1_234_567.89],
    ['US$ 20', 20],
    ['49.50', 49.5],
    ['49,50', 49.5],
    ['49,5 USD', 49.5],
    ['1.000,50', 1_000.5],
    ['1 000', 1_000],
    ['1’000.00', 1_000],
    ['20 $', 20],
  ])('“%s” as %d', (text, usd) => {
    expect(parseUsd(text)).toBe(usd)
  })

  test.each([
    '',
    '$',
    '1.000',
    '1,00,000',
    '-5',
    '1e3',
    '12.345',
    '1,0000',
    '٣٠٠',
    '5 €',
    '10,000,5',
    '0x20',
  ])('“%s” as nothing, rather than as a wrong amount', (text) => {
    expect(parseUsd(text)).toBeNull()
    expect(budgetOf(text)).toBeNull()
  })

  test('in every way in which an amount is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (cents) => {
        const usd = cents / 100
        for (const locale of ['en-US', 'de-DE', 'de-CH', 'fr-FR']) {
          const text = usd.toLocaleString(locale, { minimumFractionDigits: 2 })
          expect(parseUsd(text)).toBe(usd)
        }
        expect(parseUsd(`$${usd.toFixed(2)}`)).toBe(usd)
      }),
    )
  })

  test('and kept as a plain number', () => {
    expect(parseTyped(setting('monthlyBudgetUsd'), ' $1,000 ')).toBe('1000')
    expect(parseTyped(setting('monthlyBudgetUsd'), '')).toBeNull()
    expect(settingValueText(setting('monthlyBudgetUsd'), '1000')).toBe('$1,000.00')
  })
})
