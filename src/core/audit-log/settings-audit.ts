import type { ActivityEntry } from './audit-log'
import { formatDuration } from '../base/format'
import type { Settings } from '../settings/settings'
import { MINUTE_MS } from '../base/time'

type Words = { readonly [K in keyof Settings]?: (value: Settings[K]) => string }

/** What arms or disarms the guard is written down; how the app looks is not. */
const words: Words = {
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

/** An entry for each setting of the guard that is another one now. */
export function settingEntries(after: Settings, before: Settings, atMs: number): ActivityEntry[] {
  return (Object.keys(words) as (keyof Words)[])
    .filter((name) => after[name] !== before[name])
    .map((name) => ({
      atMs,
      accountId: null,
      podId: null,
      podName: null,
      kind: 'rule',
      what: name,
      text: sentenceOf(name, after),
      tone: 'plain',
    }))
}

function sentenceOf<K extends keyof Words>(name: K, settings: Settings): string {
  return words[name]?.(settings[name]) ?? ''
}
