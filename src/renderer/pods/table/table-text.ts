import { formatNumber, formatUsd } from '../../../core/base/text/format'
import { actionText, unconfirmedText } from '../../../core/intents/action-text'
import { containerInsteadOf, containerWord, needsHelp } from '../../../core/containers/container-text'
import { isOpen } from '../../../core/intents/intent'
import { type BurnRate, burnRateText } from '../../../core/money/burn-rate'
import { progressText } from '../../../core/logs/progress-text'
import type { NextStop } from '../../../core/view/stops/next-stops'
import { serviceOf } from '../../../core/pods/labs/service-name'
import type { PodView } from '../../../core/view/snapshot'
import { heldReason, stopTime } from '../../next-stops/next-stops-text'
import { autoStopSwitchText } from '../../guard/auto-stop-switch-text'
import type { IconName } from '../../ui/icon'
import { isIdle, podState } from '../../../core/view/pod-state'
import type { PodOrder } from '../../state/arrange/pod-filter'

export interface PodColumn {
  readonly id:
    | 'name'
    | 'account'
    | 'hardware'
    | 'use'
    | 'price'
    | 'state'
    | 'idle-cost'
    | 'auto-stop'
    | 'next'
  readonly label: string
  /** Null: it cannot be sorted by it. */
  readonly order: PodOrder | null
  readonly isNumber?: boolean
  /** It is shown from this width of the table on, px. */
  readonly fromPx: number
}

export const columns: readonly PodColumn[] = [
  { id: 'name', label: 'Name', order: 'name', fromPx: 0 },
  { id: 'account', label: 'Account', order: 'account', fromPx: 840 },
  { id: 'hardware', label: 'GPU', order: 'hardware', fromPx: 700 },
  { id: 'use', label: 'GPU use, 6 h', order: null, fromPx: 960 },
  { id: 'price', label: '$/hr', order: 'price', isNumber: true, fromPx: 0 },
  { id: 'state', label: 'State', order: 'idle', fromPx: 440 },
  { id: 'idle-cost', label: 'Wasted', order: 'idle-cost', isNumber: true, fromPx: 1_116 },
  { id: 'auto-stop', label: 'Auto-stop', order: null, fromPx: 840 },
  { id: 'next', label: 'Next event', order: null, fromPx: 600 },
]

/** "$74.24"; null unless the pod is idle at a known price. */
export const idleCostText = (pod: PodView): string | null =>
  isIdle(pod) && pod.idleCostUsd !== null ? formatUsd(pod.idleCostUsd) : null

/** What happens to the pod next, or what holds it, or what is wrong. Unix ms. */
export function nextEventText(
  pod: PodView,
  stops: readonly NextStop[],
  nowMs: number,
): { readonly text: string; readonly tone: 'plain' | 'dim' | 'bad'; readonly isAutoStopOff?: true } {
  const { intent } = pod
  if (intent !== null && (intent.phase === 'failed' || intent.phase === 'did-not-happen')) {
    const outcome = `${actionText[intent.action].noun} ${intent.phase === 'failed' ? 'failed' : unconfirmedText(intent.action)}`
    return { text: intent.message === null ? outcome : `${outcome}. ${intent.message}`, tone: 'bad' }
  }
  if (intent !== null && isOpen(intent)) return { text: podState(pod).word, tone: 'plain' }
  if (pod.phase === 'error')
    return { text: pod.statusReason ?? `Failed; ${serviceOf(pod)} gave no reason`, tone: 'bad' }
  if (pod.progress !== undefined)
    return { text: progressText(pod.progress), tone: pod.progress.problem === null ? 'plain' : 'bad' }
  const container = containerInsteadOf(pod.activity, pod.container)
  if (container !== undefined)
    return { text: containerWord(container, nowMs), tone: needsHelp(container) ? 'bad' : 'plain' }
  const timed = stops.find(({ atMs }) => atMs !== null)
  if (timed !== undefined && timed.atMs !== null) {
    const verb = timed.action === 'stop' ? 'Stop' : 'Terminate'
    return { text: `${verb} ${stopTime(timed.atMs, nowMs)}`, tone: 'plain' }
  }
  const held = stops.find(({ state }) => state === 'held')
  if (held !== undefined) return { text: `Held: ${heldReason(held)}`, tone: 'dim' }
  if (pod.guard.keepOn !== null) return { text: 'Kept running', tone: 'dim' }
  const isOff = isIdle(pod) && !pod.guard.isAutoStopEnabled && pod.isFromLastRun !== true
  return isOff
    ? { text: autoStopSwitchText.off, tone: 'dim', isAutoStopOff: true }
    : { text: '', tone: 'dim' }
}

const glyphs: Readonly<Record<ReturnType<typeof podState>['tone'], IconName>> = {
  ok: 'disc',
  idle: 'moon',
  bad: 'triangle',
  info: 'ring',
  mute: 'square',
}

/** The glyph of a pod's state, which has a shape of its own beside its color, and the words for it. */
export function stateGlyph(pod: PodView): {
  readonly icon: IconName
  readonly tone: string
  readonly word: string
} {
  const { tone, word } = podState(pod)
  if (pod.guard.keepOn !== null && tone === 'mute') return { icon: 'clock', tone, word }
  return { icon: pod.phase === 'unknown' || word === 'Activity unknown' ? 'ring' : glyphs[tone], tone, word }
}

export const podTableText = {
  label: 'Pods',
  clearSelection: 'Clear the selection',
  selectAll: 'Select all pods that are shown',
  lockedHelp: 'Locked, can’t be stopped',
  locked: 'locked',
  approximately: 'approx.',
  select: (pod: string) => `Select ${pod}`,
  open: (pod: string) => `Open ${pod}`,
} as const

export const bulkBarText = {
  label: 'Selected pods',
  selected: (count: number) => `${formatNumber(count)} selected`,
  /** "33 idle pods waste $202.30/hr". */
  waste: (idle: number, rate: BurnRate) =>
    `${idle === 1 ? '1 idle pod wastes' : `${formatNumber(idle)} idle pods waste`} ${burnRateText(rate)}`,
  /** "3 idle, wasting $9.50/hr", where others are selected, too. */
  wasting: (idle: number, rate: BurnRate) => `${formatNumber(idle)} idle, wasting ${burnRateText(rate)}`,
  stop: (count: number) => (count === 1 ? 'Stop 1 pod' : `Stop ${count} pods`),
  start: (count: number) => (count === 1 ? 'Start 1 pod' : `Start ${count} pods`),
  clear: 'Clear',
  keyMoves: 'move',
  keySelects: 'select',
  keyOpens: 'open',
  keyShowsAll: 'all shortcuts',
  keepRunning: 'Keep running',
  keepAll: 'Keep all selected pods running',
  notKept: 'not kept running',
} as const
