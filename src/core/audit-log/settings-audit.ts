import type { AuditEntry } from './audit-log'
import { formatDuration } from '../base/format'
import type { Settings } from '../settings/settings'
import { MINUTE_MS } from '../base/time'

type SettingTexts = { readonly [K in keyof Settings]?: (value: Settings[K]) => string }

/** Settings that affect the guard are logged; settings of appearance are not. */
const settingTexts: SettingTexts = {
  areAutoStopsPaused: (is) =>
    is ? 'Automatic stops are paused.' : 'Automatic stops are not paused any more.',
  isAutoStopDryRun: (is) =>
    is
      ? 'Automatic stops are a dry run: they are only written down.'
      : 'Automatic stops are no dry run any more.',
  mayStopUnheard: (is) =>
    is
      ? 'A pod may be stopped automatically although its warnings were not delivered.'
      : 'No pod is stopped automatically without its warnings.',
  autoStopAfterMin: (minutes) => `A quiet pod is stopped after ${formatDuration(minutes * MINUTE_MS)}.`,
}

/** One entry for each guard setting that changed. */
export function settingEntries(after: Settings, before: Settings, atMs: number): AuditEntry[] {
  return (Object.keys(settingTexts) as (keyof SettingTexts)[])
    .filter((name) => after[name] !== before[name])
    .map((name) => ({
      atMs,
      accountId: null,
      podId: null,
      podName: null,
      kind: 'rule',
      what: name,
      text: settingText(name, after),
      tone: 'plain',
    }))
}

function settingText<K extends keyof SettingTexts>(name: K, settings: Settings): string {
  return settingTexts[name]?.(settings[name]) ?? ''
}
