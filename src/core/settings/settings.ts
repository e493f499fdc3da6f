import { defaultIntentRules, type IntentRules } from '../intents/intent-rules'
import { fail, ok, type Result } from '../base/result'
import { type ActivityRules, defaultActivityRules } from '../idle/sample'
import {
  defaultSettings,
  isSettingName,
  settingList,
  type SettingName,
  settingNames,
  type Settings,
} from './definitions/setting-list'
import type { NumberSetting, Setting } from './definitions/setting-types'
import { settingValueText, storedText } from './definitions/typed-value'
import { settingRules } from './setting-rules'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time/time'

export type { SettingName, Settings } from './definitions/setting-list'
export { defaultSettings } from './definitions/setting-list'

/** Those of `names` that are not at their defaults. */
export const changedSettings = (
  settings: Settings,
  names: readonly SettingName[] = settingNames,
): readonly SettingName[] => names.filter((name) => settings[name] !== settingList[name].default)

/** Why a value is rejected for a setting, to follow its name; null when it is valid. */
export function settingProblem(name: SettingName, value: unknown): string | null {
  const setting: Setting = settingList[name]
  switch (setting.kind) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number'
      if (value >= setting.min && value <= setting.max) return null
      return `must be between ${boundsText(setting)}`
    }
    case 'toggle':
      return typeof value === 'boolean' ? null : 'must be true or false'
    case 'choice': {
      const values = Object.keys(setting.options)
      return typeof value === 'string' && values.includes(value)
        ? null
        : `must be one of ${values.join(', ')}`
    }
    case 'text':
      if (value === null) return null
      return typeof value === 'string' ? setting.problem(value) : 'must be text'
  }
}

/** "1 second and 1 hour", "8 and 32 pixels". */
function boundsText(setting: NumberSetting): string {
  const [min = '', max = ''] = [setting.min, setting.max].map((bound) => settingValueText(setting, bound))
  const ending = ` ${setting.unit}`
  const isSameUnit = min.endsWith(ending) && max.endsWith(ending)
  return `${isSameUnit ? min.slice(0, -ending.length) : min} and ${max}`
}

/**
 * Parses the `settings` of a file. Invalid values are replaced by their defaults and conflicting ones
 * repaired, with a sentence in `problems` for each. Unknown fields are ignored.
 */
export function parseSettings(stored: Readonly<Record<string, unknown>>): {
  settings: Settings
  problems: readonly string[]
} {
  const problems: string[] = []
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const name of settingNames) {
    const value = Object.hasOwn(stored, name) ? stored[name] : undefined
    if (value === undefined) continue
    const problem = settingProblem(name, value)
    if (problem === null) values[name] = value
    else problems.push(`${name} ${problem}; ${valueText(defaultSettings[name])} is used instead.`)
  }
  let settings = { ...defaultSettings, ...values } as Settings
  for (const rule of settingRules) {
    const problem = rule.problem(settings)
    if (problem === null) continue
    const repaired = rule.repair(settings)
    settings = { ...settings, ...repaired }
    const repairs = Object.entries(repaired).map(([name, value]) => `${name} ${valueText(value)}`)
    problems.push(`${problem} Used instead: ${repairs.join(', ')}.`)
  }
  return { settings, problems }
}

export interface SettingError {
  readonly name: string
  /** A sentence. */
  readonly reason: string
}

/**
 * The settings after `changes`, all or none: every value must be valid on its own and together with the
 * others. `undefined` stands for the default.
 */
export function changeSettings(
  current: Settings,
  changes: Readonly<Record<string, unknown>>,
): Result<Settings, readonly SettingError[]> {
  const errors: SettingError[] = []
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const [name, value] of Object.entries(changes)) {
    if (!isSettingName(name)) {
      errors.push({ name, reason: 'There is no such setting.' })
      continue
    }
    const problem = value === undefined ? null : settingProblem(name, value)
    if (problem === null) values[name] = storedValue(name, value)
    else errors.push({ name, reason: `This ${problem}.` })
  }
  const next = { ...current, ...values } as Settings
  for (const rule of settingRules) {
    const changed = rule.names.find((name) => Object.hasOwn(values, name))
    const reason = rule.problem(next)
    if (changed !== undefined && reason !== null) errors.push({ name: changed, reason })
  }
  return errors.length === 0 ? ok(next) : fail(errors)
}

function storedValue(name: SettingName, value: unknown): unknown {
  const setting: Setting = settingList[name]
  return setting.kind === 'text' && typeof value === 'string'
    ? storedText(setting, value)
    : (value ?? defaultSettings[name])
}

const valueText = (value: Settings[SettingName]): string => (value === null ? 'none' : String(value))

/** The limits as set. While polls are further apart than usual, `withSpacing` widens them. */
export function activityRulesOf(settings: Settings): ActivityRules {
  return {
    busyAtPercent: settings.busyAtPercent,
    countedIntervalMs: defaultActivityRules.countedIntervalMs,
    gapMs: settings.gapMin * MINUTE_MS,
    bootMs: settings.bootMin * MINUTE_MS,
    clockToleranceMs: settings.clockToleranceS * SECOND_MS,
    quietCpuPercent: settings.quietCpuPercent,
    stillMemoryPoints: settings.stillMemoryPoints,
    keepSamplesMs: defaultActivityRules.keepSamplesMs,
  }
}

export function intentRulesOf(settings: Settings): IntentRules {
  return {
    ...defaultIntentRules,
    undoMs: settings.undoS * SECOND_MS,
    stopDeadlineMs: settings.stopDeadlineS * SECOND_MS,
    startDeadlineMs: settings.startDeadlineMin * MINUTE_MS,
    restartDeadlineMs: settings.restartDeadlineS * SECOND_MS,
    terminateDeadlineMs: settings.terminateDeadlineS * SECOND_MS,
    gpuRetryMs: settings.gpuRetryS * SECOND_MS,
    gpuRetryMaxMs: settings.gpuRetrySlowestS * SECOND_MS,
    gpuGiveUpMs: settings.gpuGiveUpH * HOUR_MS,
  }
}
