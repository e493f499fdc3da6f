import { formatMoment, formatTimeOfDay } from '../base/format'
import type { KeepOnChoice } from '../pod-rules/pod-rules'
import type { PodView, Snapshot } from './snapshot'
import type { TrayMenuEntry } from './tray-menu'

const keepOnItems: readonly (readonly [KeepOnChoice, string])[] = [
  ['1-hour', 'For 1 h'],
  ['4-hours', 'For 4 h'],
  ['morning', 'Until 09:00'],
  ['until-told', 'Until I say'],
]

/** Keeps a pod on that costs something by running, or ends that. Product rules, "Tray". */
export function keepOnEntries(
  { id: podId, phase, guard: { keepOn } }: PodView,
  nowMs: number,
): TrayMenuEntry[] {
  if (keepOn !== null) {
    const until =
      keepOn.untilMs === null ? 'until you say otherwise' : `until ${formatMoment(keepOn.untilMs, { nowMs })}`
    return [
      { kind: 'text', text: `Kept on ${until}` },
      { kind: 'item', text: 'End keep on', command: { kind: 'end-keep-on', podId } },
    ]
  }
  if (phase !== 'running' && phase !== 'creating') return []
  const entries = keepOnItems.map(([choice, text]): TrayMenuEntry => {
    return { kind: 'item', text, command: { kind: 'keep-on', podId, choice } }
  })
  return [{ kind: 'submenu', text: 'Keep on', entries }]
}

/** What is planned for a pod, beside its state; null: nothing. */
export function nextStopText({ guard: { autoStop } }: PodView): string | null {
  if (autoStop.kind !== 'planned') return null
  return `${autoStop.action === 'stop' ? 'stops' : 'terminates'} at ${formatTimeOfDay(autoStop.atMs)}`
}

export function autoStopsEntries({ account, guard }: Snapshot): TrayMenuEntry[] {
  if (account === null) return []
  const isOn = guard.autoStop === 'ticked' || guard.autoStop === 'all'
  if (guard.areAutoStopsPaused)
    return [{ kind: 'item', text: 'Resume automatic stops', command: { kind: 'resume-auto-stops' } }]
  return isOn ? [{ kind: 'item', text: 'Pause automatic stops', command: { kind: 'pause-auto-stops' } }] : []
}
