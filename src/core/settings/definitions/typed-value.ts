import { formatNumber, formatUsd } from '../../base/text/format'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../base/time/time'
import type { NumberSetting, Setting, TextSetting, TimeUnit, Unit } from './setting-types'
import { parseUsd } from './usd-text'

export type SettingValue = string | number | boolean | null

const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  seconds: SECOND_MS,
  minutes: MINUTE_MS,
  hours: HOUR_MS,
  days: DAY_MS,
}
const UNIT_WORDS: readonly (readonly [TimeUnit, RegExp])[] = [
  ['seconds', /^s(ec(ond)?s?)?$/],
  ['minutes', /^m(in(ute)?s?)?$/],
  ['hours', /^h((ou)?rs?)?$/],
  ['days', /^d(ays?)?$/],
]
/** Shorter times are shown in hours: the balance lasts 24 hours. */
const SHOWN_AS_DAYS_MS = 2 * DAY_MS

const isTimeUnit = (unit: Unit): unit is TimeUnit => Object.hasOwn(UNIT_MS, unit)

/** A value as a field shows it: a number and the unit beside it, "6" and "hours". */
export function shownNumber(value: number, unit: Unit): { readonly text: string; readonly unit: string } {
  if (!isTimeUnit(unit)) return { text: String(value), unit }
  const natural = naturalUnit(value, unit)
  const amount = roundedNumber((value * UNIT_MS[unit]) / UNIT_MS[natural])
  return { text: String(amount), unit: amount === 1 ? natural.slice(0, -1) : natural }
}

/** The largest unit in which the time is a whole number; its own if there is none. */
function naturalUnit(value: number, unit: TimeUnit): TimeUnit {
  const ms = value * UNIT_MS[unit]
  const whole = (Object.keys(UNIT_MS) as TimeUnit[]).filter((each) => {
    const amount = roundedNumber(ms / UNIT_MS[each])
    return amount >= 1 && Number.isInteger(amount) && (each !== 'days' || ms >= SHOWN_AS_DAYS_MS)
  })
  return whole.at(-1) ?? unit
}

/** Without the errors of binary fractions. */
const roundedNumber = (value: number): number => Number(value.toPrecision(12))

/**
 * Parses a value as it was typed into the field of a setting; `unit`: of a bare number, the one shown beside the
 * field. Times may name others ("90 min", "1 h 30 min"), amounts are parsed by `parseUsd`, and an empty text is null.
 * What is not understood is returned as text, which the setting then rejects with its reason.
 */
export function parseTyped(setting: Setting, typed: string, unit?: string): SettingValue {
  const text = typed.trim()
  if (setting.kind === 'text') {
    return text === '' ? null : storedText(setting, text)
  }
  return setting.kind === 'number' ? (parseNumber(setting, text, unit) ?? text) : text
}

/** A text as it is stored: an amount as a plain number. */
export function storedText(setting: TextSetting, text: string): string {
  const usd = setting.format === 'usd' ? parseUsd(text) : null
  return usd === null ? text : String(usd)
}

function parseNumber(
  { unit: ownUnit }: NumberSetting,
  text: string,
  unit: string | undefined,
): number | null {
  const bare = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)$/.test(text) ? Number(text.replace(',', '.')) : null
  if (!isTimeUnit(ownUnit)) {
    if (bare !== null) return bare
    const withUnit = new RegExp(`^(.*?)\\s*${ownUnit}$`).exec(text)?.[1]
    return withUnit === undefined ? null : numberOf(withUnit)
  }
  if (bare !== null) return (bare * UNIT_MS[timeUnitOf(unit ?? '') ?? ownUnit]) / UNIT_MS[ownUnit]
  const ms = parseTime(text)
  return ms === null ? null : roundedNumber(ms / UNIT_MS[ownUnit])
}

const numberOf = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null)

/** "90 min", "1 h 30 min", "1h30m" in ms; null when it is none. */
export function parseTime(text: string): number | null {
  if (!/^(\s*\d+(\.\d+)?\s*[a-z]+)+\s*$/i.test(text)) return null
  let ms = 0
  for (const [, amount, word = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const unit = timeUnitOf(word)
    if (unit === null) return null
    ms += Number(amount) * UNIT_MS[unit]
  }
  return ms
}

function timeUnitOf(word: string): TimeUnit | null {
  return UNIT_WORDS.find(([, pattern]) => pattern.test(word.toLowerCase()))?.[0] ?? null
}

/** A value in words, after its label: "6 hours", "$600.00", "On". */
export function settingValueText(setting: Setting, value: SettingValue): string {
  switch (setting.kind) {
    case 'number': {
      const { text, unit } = shownNumber(Number(value), setting.unit)
      const amount = formatNumber(Number(text), 6)
      return unit === '%' ? `${amount}%` : `${amount} ${unit}`
    }
    case 'toggle':
      return value === true ? 'On' : 'Off'
    case 'choice':
      return setting.options[String(value)] ?? String(value)
    case 'text': {
      if (value === null) return setting.none
      const usd = setting.format === 'usd' ? parseUsd(String(value)) : null
      return usd === null ? String(value) : formatUsd(usd)
    }
  }
}

/** How a draft was understood that is not written as the value is shown; null if that needs no note. */
export function understoodText(setting: Setting, typed: string, unit?: string): string | null {
  const value = parseTyped(setting, typed, unit)
  if (setting.kind === 'number')
    return typeof value === 'number' && !/^[-+]?[\d.]*$/.test(typed.trim())
      ? settingValueText(setting, value)
      : null
  if (setting.kind !== 'text' || setting.format !== 'usd' || value === null) return null
  return /^\d*\.?\d*$/.test(typed.trim()) || parseUsd(typed) === null
    ? null
    : settingValueText(setting, value)
}
