import { settingList, settingNames } from '../../core/settings/definitions/setting-list'
import { settingGroups } from '../../core/settings/definitions/setting-types'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { commandWords, podCommands, runPodCommand } from '../pod-model/pod-commands'
import { podState } from '../pod-model/pod-text'
import type { WindowParts } from '../state/window-context'
import type { IconName } from '../ui/icon'
import { fuzzyScore } from './fuzzy'

/** Something that can be run from the palette. */
export interface PaletteEntry {
  readonly id: string
  readonly label: string
  /** Where it belongs, or how things stand. */
  readonly hint: string
  readonly icon: IconName
  readonly run: (parts: EntryParts) => void
}

type EntryParts = Pick<WindowParts, 'bridge' | 'mirror' | 'goTo'>

/** All that is possible now: of the app, of each pod, and every setting by its name. */
export function paletteEntries(snapshot: Snapshot): readonly PaletteEntry[] {
  return [
    ...pageEntries,
    ...(snapshot.account === null ? [] : accountEntries(snapshot)),
    ...snapshot.pods.flatMap((pod) => podEntries(pod, snapshot.atMs)),
    ...settingEntries,
  ]
}

/** The entries that answer `query`, the best first; all in their own order while nothing is asked. */
export function rankEntries(entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] {
  const asked = query.trim().toLowerCase()
  if (asked === '') return entries
  const found: { readonly entry: PaletteEntry; readonly score: number }[] = []
  for (const entry of entries) {
    const score = fuzzyScore(asked, entry.label.toLowerCase())
    if (score !== null) found.push({ entry, score })
  }
  return found.sort((a, b) => b.score - a.score).map(({ entry }) => entry)
}

const pageEntries: readonly PaletteEntry[] = (
  [
    ['pods', 'Pods', 'pods'],
    ['costs', 'Costs', 'dollar'],
    ['terminals', 'Terminals', 'terminal'],
    ['activity', 'Activity', 'bell'],
    ['settings', 'Settings', 'settings'],
  ] as const
).map(([page, label, icon]) => ({
  id: `page:${page}`,
  label: `Go to ${label}`,
  hint: 'Page',
  icon,
  run: ({ goTo }) => goTo(page),
}))

function accountEntries({ alertsPausedUntilMs, guard }: Snapshot): readonly PaletteEntry[] {
  const request = (
    name: 'refresh' | 'pauseAlerts' | 'resumeAlerts' | 'copyDiagnostics',
    label: string,
    icon: IconName,
    failure: string,
  ): PaletteEntry => ({
    id: `request:${name}`,
    label,
    hint: 'Podkeeper',
    icon,
    run: ({ bridge, mirror }) => void mirror.report(failure, bridge[name]()),
  })
  const pause = (isPaused: boolean, label: string, failure: string): PaletteEntry => ({
    id: 'pause-auto-stops',
    label,
    hint: 'Podkeeper',
    icon: 'shield',
    run: ({ bridge, mirror }) =>
      void mirror.report(failure, bridge.changeSetting('areAutoStopsPaused', isPaused)),
  })
  return [
    request('refresh', 'Refresh now', 'refresh', 'Not refreshed'),
    alertsPausedUntilMs === null
      ? request('pauseAlerts', 'Pause alerts for 1 hour', 'bell', 'Alerts are not paused')
      : request('resumeAlerts', 'Resume alerts', 'bell', 'Alerts stay paused'),
    guard.areAutoStopsPaused
      ? pause(false, 'Resume automatic stops', 'Automatic stops stay paused')
      : pause(true, 'Pause automatic stops', 'Automatic stops are not paused'),
    request('copyDiagnostics', 'Copy diagnostics', 'page', 'Not copied'),
  ]
}

function podEntries(pod: PodView, nowMs: number): readonly PaletteEntry[] {
  const hint = podState(pod).word
  return [
    {
      id: `show:${pod.id}`,
      label: `Show ${pod.name}`,
      hint,
      icon: 'pods',
      run: ({ mirror }) => mirror.show(pod.id),
    },
    ...podCommands(pod).map((command): PaletteEntry => {
      const { id, icon, sentence } = commandWords(command, nowMs)
      return {
        id: `${id}:${pod.id}`,
        label: sentence(pod.name),
        hint,
        icon,
        run: (parts) => void runPodCommand(parts, pod, command),
      }
    }),
  ]
}

const settingEntries: readonly PaletteEntry[] = settingNames.map((name) => ({
  id: `setting:${name}`,
  label: settingList[name].label,
  hint: `Settings · ${settingGroups[settingList[name].group]}`,
  icon: 'settings',
  run: ({ goTo }) => goTo('settings', name),
}))
