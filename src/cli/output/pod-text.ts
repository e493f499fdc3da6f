import { actionWords } from '../../core/intents/action-labels'
import { formatDuration, formatPercentRange, formatUsdPerHour } from '../../core/base/format'
import { unknownReason } from '../../core/idle/idle-text'
import type { IntentView } from '../../core/intents/intent'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { MINUTE_MS } from '../../core/base/time'
import { type Line, type Span, span } from './color'
import { type Column, tableLines } from './table'

/** What a pod is doing or going through, in a word or two. */
export function stateSpan(pod: PodView): Span {
  const action = openAction(pod.intent)
  if (action !== null) return span(action, 'warn')
  switch (pod.phase) {
    case 'running':
      return span('running', 'good')
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

/** What a running pod does; empty for any other. Idleness is said with the time that was observed. */
export function activitySpan({ phase, activity, utilPercent, alertAfterMs }: PodView): Span {
  if (phase !== 'running') return span('')
  const util = utilPercent === null ? '' : ` ${formatPercentRange({ min: utilPercent, max: utilPercent })}`
  switch (activity.kind) {
    case 'unknown':
      return span(activity.reason === 'booting' ? `booting${util}` : 'unknown', 'dim')
    case 'busy': {
      const { partlyIdle } = activity
      if (partlyIdle === null || partlyIdle.idleForMs < MINUTE_MS) return span(`busy${util}`)
      return span(`${partlyIdle.idleGpus}/${partlyIdle.gpus} GPUs idle`, 'warn')
    }
    case 'idle':
      if (activity.idleForMs < MINUTE_MS) return span(`idle${util}`)
      return span(
        `idle ${formatDuration(activity.idleForMs)}`,
        activity.idleForMs >= alertAfterMs ? 'warn' : 'plain',
      )
  }
}

/** Why nothing is said of a running pod's activity, in words; null where something is. */
export function whyUnknown({ phase, activity }: PodView): string | null {
  return phase === 'running' && activity.kind === 'unknown' ? unknownReason(activity.reason) : null
}

function costSpan({ phase, costPerHourUsd, stoppedDiskPerHourUsd }: PodView): Span {
  if (phase === 'terminated') return span('')
  if (phase === 'stopped') {
    if (stoppedDiskPerHourUsd === null) return span('disk ?', 'dim')
    return stoppedDiskPerHourUsd > 0 ? span(formatUsdPerHour(stoppedDiskPerHourUsd), 'dim') : span('')
  }
  return costPerHourUsd === null ? span('?', 'dim') : span(formatUsdPerHour(costPerHourUsd))
}

function openAction(intent: IntentView | null): string | null {
  if (intent?.phase === 'scheduled') return `${intent.action}s soon`
  if (intent?.waitsForGpu && (intent.phase === 'waiting' || intent.phase === 'sent')) return 'waits for GPU'
  if (intent?.phase !== 'sent' && intent?.phase !== 'accepted') return null
  return actionWords[intent.action].doing.toLowerCase()
}

const podColumns = (nowMs: number): readonly Column<PodView>[] => [
  {
    title: 'NAME',
    align: 'left',
    expendable: 0,
    minWidth: 8,
    goodWidth: 16,
    cell: (pod) => span(pod.name, 'strong'),
  },
  { title: 'STATE', align: 'left', expendable: 0, minWidth: 7, cell: stateSpan },
  { title: 'ACTIVITY', align: 'left', expendable: 0, minWidth: 8, cell: activitySpan },
  { title: 'COST', align: 'right', expendable: 0, minWidth: null, cell: costSpan },
  {
    title: 'UP FOR',
    align: 'right',
    expendable: 1,
    minWidth: null,
    cell: ({ phase, startedAtMs }) =>
      span(phase === 'running' && startedAtMs !== null ? formatDuration(nowMs - startedAtMs) : ''),
  },
  {
    title: 'HARDWARE',
    align: 'left',
    expendable: 2,
    minWidth: 12,
    cell: ({ hardware }) => span(hardware ?? ''),
  },
  { title: 'ID', align: 'left', expendable: 4, minWidth: null, cell: ({ id }) => span(id, 'dim') },
]

/** The pods as a table of at most `width` columns, what burns first. */
export function podTable({ pods, atMs }: Snapshot, width: number): readonly Line[] {
  return tableLines(podColumns(atMs), arrange(pods), width)
}

const order = ['running', 'creating', 'error', 'unknown', 'stopped', 'terminated']

export function arrange(pods: readonly PodView[]): readonly PodView[] {
  return [...pods].sort(
    (a, b) =>
      order.indexOf(a.phase) - order.indexOf(b.phase) ||
      (b.costPerHourUsd ?? 0) - (a.costPerHourUsd ?? 0) ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  )
}
