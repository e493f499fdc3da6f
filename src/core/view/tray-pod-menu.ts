import { formatMoment, formatTimeOfDay } from '../base/format'
import type { KeepOnChoice } from '../pod-rules/pod-rules'
import { hasAccount, type PodView, type Snapshot } from './snapshot'
import type { TrayMenuEntry } from './tray-menu'

const keepOnItems: readonly (readonly [KeepOnChoice, string])[] = [
  ['1-hour', 'For 1 h'],
  ['4-hours', 'For 4 h'],
  ['morning', 'Until 09:00'],
  ['until-told', 'Until I say'],
]

/** Entries that keep a running pod on, or end that. See docs/product-rules.md#7-tray. */
export function keepOnEntries(
  { key: podKey, phase, guard: { keepOn } }: PodView,
  nowMs: number,
): TrayMenuEntry[] {
  if (keepOn !== null) {
    const until =
      keepOn.untilMs === null ? 'until you say otherwise' : `until ${formatMoment(keepOn.untilMs, { nowMs })}`
    return [
      { kind: 'text', text: `Kept on ${until}` },
      { kind: 'item', text: 'End keep on', command: { kind: 'end-keep-on', podKey } },
    ]
  }
  if (phase !== 'running' && phase !== 'creating') return []
  const entries = keepOnItems.map(([choice, text]): TrayMenuEntry => {
    return { kind: 'item', text, command: { kind: 'keep-on', podKey, choice } }
  })
  return [{ kind: 'submenu', text: 'Keep on', entries }]
}

/** The planned stop of a pod, shown next to its state; null when there is none. */
export function nextStopText({ guard: { autoStop } }: PodView): string | null {
  if (autoStop.kind !== 'planned') return null
  return `${autoStop.action === 'stop' ? 'stops' : 'terminates'} at ${formatTimeOfDay(autoStop.atMs)}`
}

export function autoStopsEntries(snapshot: Snapshot): TrayMenuEntry[] {
  const { guard } = snapshot
  if (!hasAccount(snapshot)) return []
  const isOn = guard.autoStop === 'ticked' || guard.autoStop === 'all'
  if (guard.areAutoStopsPaused)
    return [{ kind: 'item', text: 'Resume automatic stops', command: { kind: 'resume-auto-stops' } }]
  return isOn ? [{ kind: 'item', text: 'Pause automatic stops', command: { kind: 'pause-auto-stops' } }] : []
}
