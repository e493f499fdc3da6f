import type { Settings } from '../settings/settings'
import { diskAlerts } from '../disk/disk-alerts'
import {
  createDiskWatch,
  type DiskLine,
  type DiskWatch,
  type DiskWatchContext,
  type PodDisksView,
} from '../disk/disk-watch'
import type { FolderSize } from '../disk/disk-reading'
import type { PendingAlert } from '../alerts/alert'
import { fail, type Result } from '../base/result'
import { type AccountId, type Pod, type PodId, podNotListedText } from '../pods/pod'
import type { VolumeList } from './volume-poller'
import { SECOND_MS } from '../base/time/time'
import { type BalancePoller, type BalancePollerOptions, createBalancePoller } from './balance'
import { createLabPoller, type LabPoller, type LabView } from './lab-poller'
import {
  createProgressTracker,
  type ProgressTracker,
  type ProgressTrackerOptions,
  type TrackedPod,
} from '../logs/progress-tracker'

export interface AccountPollersOptions
  extends Pick<BalancePollerOptions, 'provider' | 'clock'>, Pick<DiskWatchContext, 'diskReader'> {
  readonly account: { readonly id: AccountId }
  readonly settings: () => Settings
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
  readonly random: () => number
  /** Absent: no new pod is followed until it is usable. */
  readonly reachSsh?: ProgressTrackerOptions['reachSsh']
}

/** What a person may ask about the disks of a pod. */
export interface DiskRequests {
  /** See `DiskWatch`. */
  diskLines(podId: PodId): readonly DiskLine[]
  readDisks(podId: PodId): Promise<Result<PodDisksView, string>>
  measureFolders(podId: PodId, path: string): Promise<Result<readonly FolderSize[], string>>
}

/** What is read of an account beside its pods, without holding up a poll. */
export interface AccountPollers {
  readonly balance: BalancePoller
  readonly lab: LabPoller
  /** Follows new pods. Called after each list that was taken in. */
  follow(pods: readonly TrackedPod[]): void
  readonly progressOf: ProgressTracker['progressOf']
  readonly startLogOf: ProgressTracker['startLogOf']
  /** What a snapshot shows of it. */
  viewParts(): {
    readonly balance: BalancePoller
    readonly lab: LabView
    readonly progressOf: ProgressTracker['progressOf']
    readonly hasLogs: boolean
    readonly disksOf: DiskWatch['viewOf']
  }
  /** The alerts about the disks of its pods that hold now. */
  diskAlerts(): readonly PendingAlert[]
  readonly diskRequests: DiskRequests
  /** Called after each poll. */
  read(hasIdlePod: boolean): void
  /** The next `read` is to read everything however recent it is. */
  expire(): void
  dispose(): void
}

export function createAccountPollers(
  options: AccountPollersOptions,
  fleet: BalancePollerOptions['fleet'],
  money: BalancePollerOptions['money'] & { volumes(): VolumeList | null },
  onChange: () => void,
): AccountPollers {
  const { provider, clock, settings, report, random, reachSsh, account } = options
  const balance = createBalancePoller({ provider, clock, fleet, money, onChange })
  const lab = createLabPoller({ provider, clock, onChange })
  const progress =
    reachSsh === undefined ? null : createProgressTracker({ provider, clock, random, reachSsh, onChange })
  const progressOf: ProgressTracker['progressOf'] = (podId) => progress?.progressOf(podId) ?? null
  const volumeSizeGb = (volumeId: string): number | null =>
    money.volumes()?.volumes.find(({ id }) => id === volumeId)?.sizeGb ?? null
  const disks = createDiskWatch(options, volumeSizeGb, onChange)
  const podOf = (podId: PodId): Pod | null => fleet.pods().find(({ id }) => id === podId) ?? null
  return {
    balance,
    lab,
    follow(pods) {
      progress?.onPods(pods)
      disks.onPods(fleet.pods())
    },
    progressOf,
    startLogOf: (podId) => progress?.startLogOf(podId) ?? null,
    diskAlerts: () =>
      fleet.pods().flatMap((pod) => {
        const view = disks.viewOf(pod)
        return view === null ? [] : diskAlerts(account.id, pod, view, clock.now().wallMs)
      }),
    diskRequests: {
      diskLines(podId) {
        const pod = podOf(podId)
        return pod === null ? [] : disks.linesOf(pod)
      },
      async readDisks(podId) {
        const pod = podOf(podId)
        return pod === null ? fail(podNotListedText) : disks.readNow(pod)
      },
      async measureFolders(podId, path) {
        const pod = podOf(podId)
        return pod === null ? fail(podNotListedText) : disks.folders(pod, path)
      },
    },
    viewParts: () => ({
      balance,
      lab: lab.view(),
      progressOf,
      hasLogs: provider.streamLogs !== undefined,
      disksOf: disks.viewOf,
    }),
    read(hasIdlePod) {
      balance
        .read(settings().pollBalanceS * SECOND_MS)
        .catch((cause: unknown) => report('The balance could not be read', cause))
      lab.read(hasIdlePod).catch((cause: unknown) => report('The lab could not be read', cause))
    },
    expire() {
      balance.expire()
      lab.expire()
    },
    dispose() {
      progress?.dispose()
      disks.dispose()
    },
  }
}
