import type { Activity } from '../idle/activity'
import { dataImpact } from '../pods/data-impact'
import type { ObservedPod } from '../polling/fleet'
import type { PodDisksView } from '../disk/disk-watch'
import type { ContainerView } from '../containers/container-view'
import type { GuardedPodState } from '../guard/account-guard'
import type { Intent } from '../intents/intent'
import type { GuardInPodView } from '../pod-guard/guard-in-pod-view'
import type { PodProgress } from '../logs/pod-progress'
import { toIntentView } from '../intents/intent-view'
import type { OutsideStop } from '../polling/outside-stop'
import type { SharedPod } from '../polling/shared-pods'
import { type AccountId, type Pod, type PodAction, type PodId, podKeyOf } from '../pods/pod'
import { costOver, hasApproximatePrice, idleCost, stoppedDiskPerHourUsd } from '../money/burn-rate'
import type { PodMoney } from '../money/money-view'
import type { PodRecognition } from '../unrecognized-pods/pod-recognition'
import { preferredColor } from './pod-colors'
import type { PodView, Snapshot } from './snapshot'
import { hardwareOf, isActionAllowed, sshRouteOf } from '../pods/pod-capabilities'

const offeredActions: readonly PodAction[] = ['start', 'stop', 'restart', 'terminate']

export interface PodViewSources {
  readonly accountId: AccountId
  readonly currentIntent: (podId: PodId) => Intent | null
  readonly guardStateOf: (podId: PodId) => GuardedPodState
  readonly guardInPodOf: (pod: Pod) => GuardInPodView | null
  readonly moneyOf: (podId: PodId) => PodMoney | null
  readonly sharedPods: readonly SharedPod[]
  /** How far a pod is on its way to be usable; null when it isn't on its way. */
  readonly progressOf: (podId: PodId) => PodProgress | null
  /** Of a running pod whose container is not simply up. */
  readonly containerOf: (pod: Pod) => ContainerView | null
  /** The stop of a pod that nothing here explains. */
  readonly outsideStopOf: (pod: Pod) => OutsideStop | null
  readonly unrecognizedOf: PodRecognition['viewOf']
  readonly disksOf: (pod: Pod) => PodDisksView | null
  /** Whether the provider has logs. */
  readonly hasLogs: boolean
  readonly nowMs: number
}

export function toPodViews(seen: readonly ObservedPod[], sources: PodViewSources): readonly PodView[] {
  const { accountId, currentIntent, guardStateOf, moneyOf, nowMs } = sources
  const sharedById = new Map(sources.sharedPods.map((one) => [one.podId, one]))
  return seen.map((one) => {
    const { id } = one.pod
    const state = { intent: currentIntent(id), guarded: guardStateOf(id), money: moneyOf(id) }
    const view: Writable<PodView> = toPodView(accountId, one, state, nowMs)
    // Added one by one: copying each view for them took as long as making it.
    Object.assign(view, sharedPart(sharedById.get(id), one.pod))
    const progress = sources.progressOf(id)
    if (progress !== null) view.progress = progress
    const container = sources.containerOf(one.pod)
    if (container !== null) view.container = container
    const outsideStop = sources.outsideStopOf(one.pod)
    if (outsideStop !== null) view.outsideStop = outsideStop
    const unrecognized = sources.unrecognizedOf(one.pod)
    if (unrecognized !== null) view.unrecognized = unrecognized
    const disks = sources.disksOf(one.pod)
    if (disks !== null) view.disks = disks
    const guardInPod = sources.guardInPodOf(one.pod)
    if (guardInPod !== null) view.guardInPod = guardInPod
    if (sources.hasLogs) view.hasLogs = true
    if (one.reportedMetrics !== null && one.pod.phase === 'running')
      view.reportedMetrics = one.reportedMetrics
    return view
  })
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A pod that two accounts show carries what the lab knows, or says where it is shown. */
function sharedPart(
  shared: SharedPod | undefined,
  pod: Pod,
): Pick<PodView, 'managed' | 'labKey' | 'shownAs'> {
  if (shared === undefined) return {}
  const key = podKeyOf(shared.other.accountId, shared.other.podId)
  if (shared.isShownElsewhere) return { shownAs: key }
  return pod.managed === undefined ? { managed: shared.managed, labKey: key } : {}
}

/** Idle for long enough to alert, and not kept running. */
export function isIdleForLong({ activity, alertAfterMs, guard }: PodView): boolean {
  return activity.kind === 'idle' && activity.idleForMs >= alertAfterMs && guard.keepOn === null
}

/** Whether a pod is idle for long, wherever it is shown. */
export const hasIdlePod = ({ pods }: Pick<Snapshot, 'pods'>): boolean => pods.some(isIdleForLong)

/** Whether a rule may stop a pod that was last seen running. */
export const hasArmedPod = ({ pods }: Pick<Snapshot, 'pods'>): boolean =>
  pods.some(({ phase, guard }) => phase === 'running' && guard.autoStop.kind !== 'off')

/** What is known of a pod beside what was observed. */
export interface PodViewState {
  readonly guarded: GuardedPodState
  readonly intent: Intent | null
  readonly money: PodMoney | null
}

/** One pod as every window shows it. */
export function toPodView(
  accountId: AccountId,
  seen: ObservedPod,
  { guarded, intent, money }: PodViewState,
  nowMs: number,
): PodView {
  const { pod } = seen
  const { costPerHourUsd, startedAtMs } = pod
  const key = podKeyOf(accountId, pod.id)
  const activity: Activity =
    pod.phase === 'running' ? seen.activity : { kind: 'unknown', reason: 'not-running', sinceMs: null }
  const telemetry = pod.phase === 'running' ? seen.telemetry : null
  // While a pod is creating, its start time is still the one before.
  const isStartKnown = pod.phase === 'running' || pod.phase === 'error'
  return {
    accountId,
    key,
    id: pod.id,
    name: pod.name,
    color: preferredColor(key),
    phase: pod.phase,
    rawStatus: pod.rawStatus,
    statusReason: pod.statusReason,
    actions: offeredActions.filter((action) => isActionAllowed(pod, action)),
    hardware: hardwareOf(pod),
    gpuCount: pod.gpu?.count ?? 0,
    gpuName: pod.gpu?.name ?? null,
    dataCenterId: pod.dataCenterId,
    clusterId: pod.clusterId,
    isLocked: pod.isLocked,
    costPerHourUsd,
    ...(hasApproximatePrice(pod) && { isPriceApproximate: true as const }),
    ...(pod.engine && { engine: pod.engine }),
    ...(pod.managed && { managed: pod.managed }),
    stoppedDiskPerHourUsd: pod.phase === 'stopped' ? stoppedDiskPerHourUsd(pod) : null,
    costSinceStartUsd:
      isStartKnown && costPerHourUsd !== null && startedAtMs !== null
        ? costOver(costPerHourUsd, Math.max(0, nowMs - startedAtMs))
        : null,
    createdAtMs: pod.createdAtMs,
    creating: pod.phase === 'creating' ? seen.creating : null,
    startedAtMs,
    utilPercent: pod.phase === 'running' ? seen.utilPercent : null,
    gpus: telemetry?.gpus ?? [],
    cpuUtilPercent: telemetry?.cpuUtilPercent ?? null,
    memoryUtilPercent: telemetry?.memoryUtilPercent ?? null,
    uptimeS: telemetry?.uptimeS ?? null,
    activity,
    idleCostUsd: idleCost(pod, activity),
    alertAfterMs: guarded.alertAfterMs,
    money,
    stopImpact: dataImpact(pod, 'stop'),
    terminateImpact: dataImpact(pod, 'terminate'),
    sshRoute: sshRouteOf(pod),
    intent: intent && toIntentView(intent),
    guard: guarded.guard,
    insideLook: guarded.insideLook,
  }
}
