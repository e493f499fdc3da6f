import { actionText } from '../../core/intents/action-text'
import { formatDuration, formatPercentRange, formatUsdPerHour } from '../../core/base/text/format'
import { unknownReason } from '../../core/idle/idle-text'
import type { IntentView } from '../../core/intents/intent-view'
import {
  containerInsteadOf,
  isOverdueStart,
  needsHelp,
  shortContainerWords,
} from '../../core/containers/container-text'
import { shortProgressText } from '../../core/logs/progress-text'
import { engineNames } from '../../core/pods/pod-engine'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { MINUTE_MS } from '../../core/base/time/time'
import { span, type StyledLine, type StyledSpan } from './color'
import { type Column, tableLines } from './table'

/** A pod's state in one or two words. */
export function stateSpan(pod: PodView): StyledSpan {
  const action = openActionText(pod.intent)
  if (action !== null) return span(action, 'warn')
  switch (pod.phase) {
    case 'running':
      return pod.container === undefined
        ? span('running', 'good')
        : span('running', needsHelp(pod.container) ? 'bad' : 'plain')
    case 'creating':
    case 'stopped':
    case 'terminated':
      return span(pod.phase)
    case 'error':
      return span('error', 'bad')
    case 'unknown':
      return span(pod.rawStatus || 'no status')
  }
}

/** A running pod's activity, with the observed time if idle; how far a new pod is; empty for other pods. */
export function activitySpan(pod: PodView): StyledSpan {
  const { phase, activity, utilPercent, alertAfterMs, guard, progress } = pod
  const container = containerInsteadOf(activity, pod.container)
  const isNotUp = phase === 'creating' || container?.kind === 'starting'
  if (progress !== undefined && (isNotUp || progress.problem !== null))
    return span(shortProgressText(progress), progress.problem === null ? 'plain' : 'bad')
  if (phase !== 'running') return span('')
  if (container !== undefined)
    return span(
      shortContainerWords[isOverdueStart(container) ? 'overdue' : container.kind],
      needsHelp(container) ? 'bad' : 'plain',
    )
  const util = utilPercent === null ? '' : ` ${formatPercentRange({ min: utilPercent, max: utilPercent })}`
  switch (activity.kind) {
    case 'unknown':
      return span(activity.reason === 'booting' ? `booting${util}` : 'unknown', 'dim')
    case 'busy': {
      const { partlyIdle } = activity
      if (activity.by === 'report') return span('reported busy')
      if (partlyIdle === null || partlyIdle.idleForMs < MINUTE_MS) return span(`busy${util}`)
      return span(`${partlyIdle.idleGpus}/${partlyIdle.gpus} GPUs idle`, 'warn')
    }
    case 'idle':
      if (activity.idleForMs < MINUTE_MS) return span(`idle${util}`)
      if (guard.keepOn !== null) return span(`kept running, idle ${formatDuration(activity.idleForMs)}`)
      return span(
        `idle ${formatDuration(activity.idleForMs)}`,
        activity.idleForMs >= alertAfterMs ? 'warn' : 'plain',
      )
  }
}

/** Why a running pod's activity is unknown; null if it is known. */
export function unknownActivityText({ phase, activity }: PodView): string | null {
  return phase === 'running' && activity.kind === 'unknown' ? unknownReason(activity.reason) : null
}

function costSpan(pod: PodView): StyledSpan {
  const { phase, costPerHourUsd, stoppedDiskPerHourUsd } = pod
  if (phase === 'terminated') return span('')
  if (phase === 'stopped') {
    if (stoppedDiskPerHourUsd === null) return span('disk ?', 'dim')
    return stoppedDiskPerHourUsd > 0 ? span(formatUsdPerHour(stoppedDiskPerHourUsd), 'dim') : span('')
  }
  return costPerHourUsd === null
    ? span('?', 'dim')
    : span(formatUsdPerHour(costPerHourUsd, pod.isPriceApproximate))
}

function openActionText(intent: IntentView | null): string | null {
  if (intent?.phase === 'scheduled') return `${intent.action}s soon`
  if (intent?.waitsForGpu && (intent.phase === 'waiting' || intent.phase === 'sent')) return 'waiting for GPU'
  if (intent?.phase !== 'sent' && intent?.phase !== 'accepted') return null
  return actionText[intent.action].doing.toLowerCase()
}

/** `accountNames`: by id; empty where there is one account. */
const podColumns = (nowMs: number, accountNames: ReadonlyMap<string, string>): readonly Column<PodView>[] => [
  {
    title: 'NAME',
    align: 'left',
    dropPriority: 0,
    minWidth: 8,
    preferredWidth: 16,
    cell: (pod) => span(pod.name, 'strong'),
  },
  ...(accountNames.size === 0 ? [] : [accountColumn(accountNames)]),
  { title: 'STATE', align: 'left', dropPriority: 0, minWidth: 7, cell: stateSpan },
  { title: 'ACTIVITY', align: 'left', dropPriority: 0, minWidth: 8, cell: activitySpan },
  { title: 'COST', align: 'right', dropPriority: 0, minWidth: null, cell: costSpan },
  {
    title: 'UP FOR',
    align: 'right',
    dropPriority: 1,
    minWidth: null,
    cell: ({ phase, startedAtMs }) =>
      span(phase === 'running' && startedAtMs !== null ? formatDuration(nowMs - startedAtMs) : ''),
  },
  {
    title: 'HARDWARE',
    align: 'left',
    dropPriority: 2,
    minWidth: 12,
    cell: ({ hardware, engine }) =>
      span([hardware, engine && engineNames[engine]].filter(Boolean).join(' · ')),
  },
  { title: 'ID', align: 'left', dropPriority: 4, minWidth: null, cell: ({ id }) => span(id, 'dim') },
]

const accountColumn = (names: ReadonlyMap<string, string>): Column<PodView> => ({
  title: 'ACCOUNT',
  align: 'left',
  dropPriority: 0,
  minWidth: 4,
  preferredWidth: 8,
  cell: ({ accountId }) => span(names.get(accountId) ?? ''),
})

/** A table of the pods, at most `width` columns wide, with the most expensive first. */
export function podTable({ pods, atMs, accounts }: Snapshot, width: number): readonly StyledLine[] {
  const shown = accounts.length < 2 ? [] : accounts
  const names = new Map(shown.map(({ entry }) => [entry.id, entry.name]))
  return tableLines(podColumns(atMs, names), sortPods(pods), width)
}

const phaseOrder = ['running', 'creating', 'error', 'unknown', 'stopped', 'terminated']

export function sortPods(pods: readonly PodView[]): readonly PodView[] {
  return [...pods].sort(
    (a, b) =>
      phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase) ||
      (b.costPerHourUsd ?? 0) - (a.costPerHourUsd ?? 0) ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  )
}
