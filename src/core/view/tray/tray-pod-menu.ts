import { formatMoment, formatTimeOfDay, formatUsdPerHour } from '../../base/text/format'
import { MINUTE_MS } from '../../base/time/time'
import { actionText } from '../../intents/action-text'
import { isOpen, isUnsent } from '../../intents/intent'
import type { KeepOnChoice } from '../../pod-rules/pod-rules'
import { shortName } from '../../pods/pod-name'
import { accountName } from '../account-name'
import { isIdle, needsUser, podState } from '../pod-state'
import { hasAccount, partOf, type PodView, type Snapshot } from '../snapshot'
import { stopIdlePlan } from '../stops/stop-plan'
import type { TrayMenuEntry } from './tray-menu'

const NINE = Date.UTC(2000, 0, 1, 9)

const keepOnItems = (): readonly (readonly [KeepOnChoice, string])[] => [
  ['1-hour', 'For 1 hour'],
  ['4-hours', 'For 4 hours'],
  ['morning', `Until ${formatTimeOfDay(NINE, 'UTC')}`],
  ['until-told', 'Until I cancel'],
]

/** Entries that keep a running pod on, or end that. See docs/product-rules.md#7-tray. */
function keepOnEntries({ key: podKey, phase, guard: { keepOn } }: PodView, nowMs: number): TrayMenuEntry[] {
  if (keepOn !== null) {
    const until =
      keepOn.untilMs === null ? 'until you cancel' : `until ${formatMoment(keepOn.untilMs, { nowMs })}`
    return [
      { kind: 'text', text: `Keeping ${until}` },
      { kind: 'item', text: 'Cancel keeping it running', command: { kind: 'end-keep-on', podKey } },
    ]
  }
  if (phase !== 'running' && phase !== 'creating') return []
  const entries = keepOnItems().map(([choice, text]): TrayMenuEntry => {
    return { kind: 'item', text, command: { kind: 'keep-on', podKey, choice } }
  })
  return [{ kind: 'submenu', text: 'Keep running', entries }]
}

/** The planned stop of a pod, shown next to its state; null when there is none. */
function nextStopText({ guard: { autoStop } }: PodView): string | null {
  if (autoStop.kind !== 'planned') return null
  return `${autoStop.action === 'stop' ? 'stops' : 'terminates'} at ${formatTimeOfDay(autoStop.atMs)}`
}

/** How many of the next stops are listed above the pods. */
const SHOWN_STOPS = 2

/** The stops that come next, soonest first; none of an account whose data is old. */
export function nextStopEntries(snapshot: Snapshot): readonly TrayMenuEntry[] {
  return snapshot.pods
    .flatMap(({ accountId, name, guard: { autoStop } }) => {
      // Each account has guard modes of its own.
      const { connection, guard } = partOf(snapshot, accountId) ?? snapshot
      if (autoStop.kind !== 'planned' || connection.kind !== 'live') return []
      const { action, atMs } = autoStop
      return [{ name, what: guard.isDryRun ? `dry run: would ${action}` : action, atMs }]
    })
    .sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN_STOPS)
    .map(({ name, what, atMs }) => ({
      kind: 'text',
      text: `${formatMoment(atMs, { nowMs: snapshot.atMs })} ${what} ${shortName(name)}`,
    }))
}

export function autoStopsEntries(snapshot: Snapshot): TrayMenuEntry[] {
  const { guard } = snapshot
  if (!hasAccount(snapshot)) return []
  const isOn = guard.autoStop === 'ticked' || guard.autoStop === 'all'
  if (guard.areAutoStopsPaused)
    return [{ kind: 'item', text: 'Resume auto-stop', command: { kind: 'resume-auto-stops' } }]
  return isOn ? [{ kind: 'item', text: 'Pause auto-stop', command: { kind: 'pause-auto-stops' } }] : []
}

export function undoEntry({ name, intent }: PodView): TrayMenuEntry[] {
  if (intent === null || !isUnsent(intent)) return []
  const text =
    intent.phase === 'waiting'
      ? `Stop waiting for a GPU: ${shortName(name)}`
      : `Undo: ${intent.action} ${shortName(name)}`
  return [{ kind: 'item', text, command: { kind: 'undo', intentId: intent.id } }]
}

/** With more pods than this, those that need nothing are in a menu of their own. */
const MAX_LISTED = 8

/** First those that need the user, then all, by account where there are several. See docs/product-rules.md#7-tray. */
export function podEntries(snapshot: Snapshot): readonly TrayMenuEntry[] {
  const { pods, accounts, atMs } = snapshot
  const toEntry = (pod: PodView, suffix = ''): TrayMenuEntry =>
    podEntry(pod, atMs, suffix, nextJobEntries(pod, snapshot))
  const needy = pods
    .filter((pod) => pod.clusterId === null && needsUser(pod, atMs))
    .sort((a, b) => (b.costPerHourUsd ?? 0) - (a.costPerHourUsd ?? 0) || a.name.localeCompare(b.name))
    .slice(0, MAX_LISTED)
  const isLong = pods.length > MAX_LISTED
  const others = isLong ? pods : pods.filter((pod) => !needy.includes(pod))
  const entries = byAccount(others, accounts, toEntry)
  const first: TrayMenuEntry[] = needy.map((pod) => {
    const account = accounts.length < 2 ? null : accountName(snapshot, pod.accountId)
    return toEntry(pod, account === null ? '' : ` (${account})`)
  })
  const top: TrayMenuEntry[] = [
    ...(first.length > 0 ? [{ kind: 'text' as const, text: 'Needs attention' }, ...first] : []),
    ...stopIdleEntries(pods),
  ]
  return [
    ...top,
    ...(top.length > 0 && entries.length > 0 ? [{ kind: 'separator' as const }] : []),
    ...(isLong ? [{ kind: 'submenu' as const, text: `All pods (${pods.length})`, entries }] : entries),
  ]
}

/** Asks about all idle pods at once, from two on, as the windows do. */
function stopIdleEntries(pods: readonly PodView[]): readonly TrayMenuEntry[] {
  const { stopped, leftOut } = stopIdlePlan(pods)
  if (stopped.length === 0 || stopped.length + leftOut.length < 2) return []
  return [{ kind: 'item', text: 'Stop idle pods…', command: { kind: 'stop-idle' } }]
}

function byAccount(
  pods: readonly PodView[],
  accounts: Snapshot['accounts'],
  toEntry: (pod: PodView) => TrayMenuEntry,
): readonly TrayMenuEntry[] {
  const entriesOf = (own: readonly PodView[]): readonly TrayMenuEntry[] =>
    [...own].sort(byPhaseThenName).map((pod) => toEntry(pod))
  if (accounts.length < 2) return entriesOf(pods)
  return accounts.flatMap(({ entry }) => {
    const own = pods.filter(({ accountId }) => accountId === entry.id)
    return own.length === 0 ? [] : [{ kind: 'text', text: entry.name }, ...entriesOf(own)]
  })
}

/** The job that is suggested for an idle pod, as in the windows. See docs/product-rules.md#152-where-jobs-start. */
function nextJobEntries({ key: podKey }: PodView, { queue }: Snapshot): readonly TrayMenuEntry[] {
  if (queue === undefined || queue.readOnlyReason !== null) return []
  const jobId = queue.suggestions.find((one) => one.podKey === podKey)?.jobId
  const job = queue.jobs.find(({ id }) => id === jobId)
  if (job === undefined) return []
  const text = `Run next job: ${shortName(job.spec.name)}`
  return [{ kind: 'item', text, command: { kind: 'run-job', podKey, jobId: job.id } }]
}

function podEntry(
  pod: PodView,
  nowMs: number,
  suffix: string,
  jobEntries: readonly TrayMenuEntry[],
): TrayMenuEntry {
  const state = [stateText(pod, nowMs), nextStopText(pod)].filter((text) => text !== null).join(' · ')
  const entries: TrayMenuEntry[] = [{ kind: 'text', text: state }, ...jobEntries]
  if (pod.intent === null || !isOpen(pod.intent)) entries.push(...actionEntries(pod))
  entries.push(...undoEntry(pod))
  entries.push(...keepOnEntries(pod, nowMs))
  if (pod.sshRoute !== null)
    entries.push({ kind: 'item', text: 'Terminal', command: { kind: 'open-terminal', podKey: pod.key } })
  entries.push({ kind: 'item', text: 'Show', command: { kind: 'show-pod', podKey: pod.key } })
  const waste = isIdle(pod) ? ` · ${stateText(pod, nowMs)}` : ''
  return { kind: 'submenu', text: `${shortName(pod.name)}${suffix}${waste}`, entries }
}

function actionEntries({ key, actions, intent }: PodView): TrayMenuEntry[] {
  const entries = (['start', 'stop', 'restart'] as const)
    .filter((action) => actions.includes(action))
    .map((action): TrayMenuEntry => {
      return { kind: 'item', text: actionText[action].noun, command: { kind: 'act', podKey: key, action } }
    })
  if (intent?.canWaitForGpu && actions.includes('start'))
    entries.push({
      kind: 'item',
      text: 'Start when a GPU is free',
      command: { kind: 'wait-for-gpu', podKey: key },
    })
  if (actions.includes('terminate'))
    entries.push({ kind: 'item', text: 'Terminate…', command: { kind: 'ask-terminate', podKey: key } })
  return entries
}

/** The state in the words of the windows, without what changes at each poll. */
function stateText(pod: PodView, nowMs: number): string {
  const { phase, intent, creating, activity, container } = pod
  if (intent?.waitsForGpu && intent.phase === 'sent') return 'Waiting for a GPU'
  const steady: PodView = {
    ...pod,
    gpus: [],
    utilPercent: null,
    ...(activity.kind === 'idle' && {
      activity: { ...activity, idleForMs: Math.max(MINUTE_MS, wholeMinutes(activity.idleForMs)) },
    }),
  }
  const sinceMs = creating?.sinceMs ?? (container?.kind === 'starting' ? container.sinceMs : null)
  const asOfMs = sinceMs === null ? null : sinceMs + wholeMinutes(nowMs - sinceMs)
  const { word } = podState(steady, asOfMs)
  const rate =
    phase === 'running' && pod.costPerHourUsd !== null && (intent === null || !isOpen(intent))
      ? ` · ${formatUsdPerHour(pod.costPerHourUsd, pod.isPriceApproximate)}`
      : ''
  return `${word}${rate}`
}

const phaseOrder = ['running', 'creating', 'error', 'unknown', 'stopped', 'terminated']

function byPhaseThenName(a: PodView, b: PodView): number {
  return phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase) || a.name.localeCompare(b.name)
}

/** Whole minutes, so that the menu changes less often. */
export const wholeMinutes = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS
