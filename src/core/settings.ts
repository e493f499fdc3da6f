import * as v from 'valibot'
import type { ActivityRules } from './sample'
import { defaultActivityRules } from './sample'
import type { IntentRules } from './intents'
import { defaultIntentRules } from './intents'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time'

interface NumberSetting {
  readonly default: number
  readonly min: number
  readonly max: number
}

const number = (value: number, min: number, max: number): NumberSetting => ({ default: value, min, max })

/** Every number of the product rules that exists so far; the unit is in the name. */
export const numberSettings = {
  pollActiveS: number(15, 1, 3_600),
  pollIdleS: number(60, 1, 3_600),
  /** While an action is under way. */
  pollTransitionS: number(5, 1, 600),
  pollBalanceS: number(300, 10, 86_400),
  keyRetryS: number(300, 1, 3_600),
  busyAtPercent: number(5, 0.1, 100),
  gapMin: number(5, 0.5, 60),
  bootMin: number(10, 0, 240),
  clockToleranceS: number(30, 1, 600),
  quietCpuPercent: number(3, 0.1, 100),
  stillMemoryPoints: number(2, 0.1, 100),
  idleAlertAfterMin: number(15, 0.05, 10_080),
  idleAlertEveryMin: number(120, 0.05, 10_080),
  undoS: number(5, 1, 60),
  stopDeadlineS: number(120, 5, 3_600),
  startDeadlineMin: number(15, 0.1, 240),
  /** A hidden window is destroyed after this long. */
  hiddenWindowKeepS: number(300, 1, 86_400),
} as const satisfies Record<string, NumberSetting>

export type NumberSettingName = keyof typeof numberSettings

export type Settings = { readonly [K in NumberSettingName]: number } & {
  /** Base URL of Runpod's REST API; null: Runpod's own. */
  readonly runpodBaseUrl: string | null
}

export const defaultSettings: Settings = {
  ...(Object.fromEntries(
    Object.entries(numberSettings).map(([name, setting]) => [name, setting.default]),
  ) as Record<NumberSettingName, number>),
  runpodBaseUrl: null,
}

/** Why a value is refused for a number setting, in words; null when it is fine. */
export function numberProblem(name: NumberSettingName, value: unknown): string | null {
  const { min, max } = numberSettings[name]
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${name} must be a number.`
  if (value < min || value > max) return `${name} must be between ${min} and ${max}.`
  return null
}

/**
 * Settings from what a file held. A value that makes no sense is replaced by its default and named in
 * `problems`; settings that this version does not know are left to the file.
 */
export function parseSettings(value: unknown): { settings: Settings; problems: readonly string[] } {
  const record = v.safeParse(v.record(v.string(), v.unknown()), value ?? {})
  if (!record.success || Array.isArray(value))
    return { settings: defaultSettings, problems: ['The settings are not an object.'] }
  const problems: string[] = []
  const settings: { -readonly [K in keyof Settings]: Settings[K] } = { ...defaultSettings }
  for (const name of Object.keys(numberSettings) as NumberSettingName[]) {
    const given = record.output[name]
    if (given === undefined) continue
    const problem = numberProblem(name, given)
    if (problem === null) settings[name] = given as number
    else problems.push(problem)
  }
  const { runpodBaseUrl } = record.output
  if (typeof runpodBaseUrl === 'string' && runpodBaseUrl !== '') settings.runpodBaseUrl = runpodBaseUrl
  else if (runpodBaseUrl !== undefined && runpodBaseUrl !== null && runpodBaseUrl !== '')
    problems.push('runpodBaseUrl must be a text.')
  return { settings, problems }
}

export function activityRulesOf(settings: Settings): ActivityRules {
  return {
    busyAtPercent: settings.busyAtPercent,
    gapMs: settings.gapMin * MINUTE_MS,
    bootMs: settings.bootMin * MINUTE_MS,
    clockToleranceMs: settings.clockToleranceS * SECOND_MS,
    quietCpuPercent: settings.quietCpuPercent,
    stillMemoryPoints: settings.stillMemoryPoints,
    keepSamplesMs: Math.max(defaultActivityRules.keepSamplesMs, HOUR_MS),
  }
}

export function intentRulesOf(settings: Settings): IntentRules {
  return {
    ...defaultIntentRules,
    undoMs: settings.undoS * SECOND_MS,
    stopDeadlineMs: settings.stopDeadlineS * SECOND_MS,
    startDeadlineMs: settings.startDeadlineMin * MINUTE_MS,
  }
}
