import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/base/time/time'
import { HOURS_KEPT_MS } from '../../core/history/usage'
import type { KeepOnChoice } from '../../core/pod-rules/pod-rules'

/*
 * What is typed after the name of a command. Apart from the commands, because every start describes all of them and
 * runs one.
 */

export const accountsVerbs = ['list', 'add', 'rename', 'remove'] as const
export type AccountsVerb = (typeof accountsVerbs)[number]

/** For which modes of automatic stops they stand. */
export const autoStopModes = { off: 'off', selected: 'ticked', all: 'all' } as const
export type AutoStopName = keyof typeof autoStopModes

export const guardVerbs = [
  'status',
  'install',
  'extend',
  'prove',
  'remove',
  'new-pods',
  'no-new-pods',
  'post-start',
  'no-post-start',
] as const
export type GuardVerb = (typeof guardVerbs)[number]

/** For how long a pod is kept running; null ends it. */
export const keepChoices = {
  '1h': '1-hour',
  '4h': '4-hours',
  morning: 'morning',
  always: 'until-told',
  off: null,
} as const satisfies Record<string, KeepOnChoice | null>
export type KeepName = keyof typeof keepChoices

export const rulesVerbs = ['get', 'set'] as const
export type RulesVerb = (typeof rulesVerbs)[number]

export const exportFormats = ['skypilot', 'dstack'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const settingsVerbs = ['list', 'get', 'set'] as const
export type SettingsVerb = (typeof settingsVerbs)[number]

export const shells = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof shells)[number]

const units = { m: MINUTE_MS, min: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const

/** How far back the history is shown: "90m", "24h" or "7d", ms; null for anything else, and for more than is kept. */
export function parseHistorySpan(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(m|min|h|d)$/.exec(text) ?? []
  if (!(unit === 'm' || unit === 'min' || unit === 'h' || unit === 'd')) return null
  const ms = Number(count) * units[unit]
  return ms > 0 && ms <= HOURS_KEPT_MS ? ms : null
}
