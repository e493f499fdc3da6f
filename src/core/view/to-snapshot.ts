import { emptyAuditLog } from '../audit-log/audit-log'
import type { Instant } from '../base/time/time'
import type { ContainerWatch } from '../containers/container-watch'
import type { EndpointPoller } from '../endpoints/endpoint-poller'
import type { Guard } from '../guard/account-guard'
import type { PodGuards } from '../pod-guard/pod-guards'
import type { IntentRunner } from '../intents/intent-runner'
import type { BalancePoller } from '../money/balance'
import type { LabView } from '../money/lab-poller'
import type { MoneyView } from '../money/money-view'
import type { AccountChanges } from '../changes/account-changes'
import type { CostTracker } from '../money/costs/cost-tracker'
import { type AccountId, areAllMountsKnown, type Pod, podKeyOf } from '../pods/pod'
import type { ObstacleView } from '../obstacles/obstacle'
import type { Fleet } from '../polling/fleet'
import type { GonePod } from '../polling/pod-inventory'
import type { SharedPod } from '../polling/shared-pods'
import type { Notices } from './notices'
import { isIdleForLong, type PodViewSources, toPodViews } from './pod-view'
import type { GonePodView, Snapshot } from './snapshot'
import { toVolumesView } from './volumes-view'

/** What a snapshot of an account is made from. */
export interface SnapshotSources extends Pick<
  Snapshot,
  'account' | 'connection' | 'quota' | 'alertsPausedUntilMs' | 'lab' | 'creates'
> {
  readonly accountId: AccountId
  readonly fleet: Pick<Fleet, 'pods' | 'observedPods' | 'gonePods' | 'listedAtMs' | 'isListPartial'>
  /** The pods that count for this account, and those that it has in common with others. */
  readonly shared: { pods(): readonly Pod[]; sharedPods(): readonly SharedPod[] }
  readonly intentRunner: Pick<IntentRunner, 'currentIntent' | 'intents'>
  readonly guard: Pick<Guard, 'podStates' | 'accountView'> &
    Pick<PodGuards, 'viewOf'> & { obstacles(): readonly ObstacleView[] }
  readonly money: Pick<CostTracker, 'view' | 'volumes'>
  readonly changes: Pick<AccountChanges, 'hasVolumes' | 'openTexts'>
  readonly endpointsOf: EndpointPoller['view']
  readonly progressOf: PodViewSources['progressOf']
  readonly containers: Pick<ContainerWatch, 'viewOf'>
  readonly outsideStopOf: PodViewSources['outsideStopOf']
  readonly unrecognizedOf: PodViewSources['unrecognizedOf']
  readonly disksOf: PodViewSources['disksOf']
  readonly hasLogs: boolean
  readonly balance: Pick<BalancePoller, 'view' | 'burn' | 'runwayMs'>
  readonly notices: Pick<Notices, 'all'>
}

/** An account as windows, tray and command line show it. */
export function toSnapshot(revision: number, now: Instant, sources: SnapshotSources): Snapshot {
  const { accountId, fleet, guard, balance } = sources
  const burn = balance.burn()
  const endpoints = sources.endpointsOf(sources.changes.openTexts())
  const money = sources.money.view(sources.shared.pods(), burn)
  const pods = toPodViews(fleet.observedPods(now), {
    accountId,
    currentIntent: sources.intentRunner.currentIntent,
    guardStateOf: guard.podStates(),
    guardInPodOf: guard.viewOf,
    moneyOf: (podId) => money?.pods[podId] ?? null,
    sharedPods: sources.shared.sharedPods(),
    progressOf: sources.progressOf,
    containerOf: (pod) => sources.containers.viewOf(pod),
    outsideStopOf: sources.outsideStopOf,
    unrecognizedOf: sources.unrecognizedOf,
    disksOf: sources.disksOf,
    hasLogs: sources.hasLogs,
    nowMs: now.wallMs,
  })
  return {
    revision,
    atMs: now.wallMs,
    account: sources.account,
    connection: sources.connection,
    listedAtMs: fleet.listedAtMs(),
    isListPartial: fleet.isListPartial(),
    pods,
    gonePods: toGonePodViews(fleet.gonePods(now), sources),
    accounts: [],
    ...volumesPart(sources, money?.unused ?? []),
    ...(endpoints !== null && { endpoints }),
    ...(sources.creates && sources.creates.length > 0 && { creates: sources.creates }),
    burn,
    money,
    balance: balance.view(),
    runwayMs: balance.runwayMs(),
    alertsPausedUntilMs: sources.alertsPausedUntilMs,
    // The log of the program, which only the app shows.
    auditLog: emptyAuditLog,
    guard: guard.accountView(),
    quota: sources.quota,
    ...(sources.lab && hasContent(sources.lab) && { lab: sources.lab }),
    idleCount: pods.filter((pod) => pod.shownAs === undefined && isIdleForLong(pod)).length,
    notices: sources.notices.all(),
    obstacles: guard.obstacles(),
  }
}

/** A terminate from here that was seen to take effect leaves nothing to guess. */
function toGonePodViews(
  gonePods: readonly GonePod[],
  { accountId, intentRunner }: SnapshotSources,
): readonly GonePodView[] {
  const terminated = new Set(
    gonePods.length === 0
      ? []
      : intentRunner
          .intents()
          .filter(({ action, phase }) => action === 'terminate' && phase === 'observed')
          .map(({ podId }) => podId),
  )
  return gonePods.map((pod) => ({
    ...pod,
    how: terminated.has(pod.id) ? 'reported' : pod.how,
    accountId,
    key: podKeyOf(accountId, pod.id),
  }))
}

function volumesPart(
  { fleet, money, changes }: SnapshotSources,
  unused: MoneyView['unused'],
): Pick<Snapshot, 'volumes'> {
  const list = money.volumes()
  if (!changes.hasVolumes || list === null) return {}
  const pods = fleet.pods()
  const arePodsKnown = fleet.listedAtMs() !== null && !fleet.isListPartial() && areAllMountsKnown(pods)
  return { volumes: toVolumesView(list, pods, arePodsKnown, unused, changes.openTexts()) }
}

const hasContent = ({ spending, queue }: LabView): boolean => spending !== null || queue !== null
