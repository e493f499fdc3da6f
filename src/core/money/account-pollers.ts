import type { Settings } from '../settings/settings'
import { SECOND_MS } from '../base/time/time'
import { type BalancePoller, type BalancePollerOptions, createBalancePoller } from './balance'
import { createLabPoller, type LabPoller, type LabView } from './lab-poller'
import {
  createProgressTracker,
  type ProgressTracker,
  type ProgressTrackerOptions,
  type TrackedPod,
} from '../logs/progress-tracker'

export interface AccountPollersOptions extends Pick<BalancePollerOptions, 'provider' | 'clock'> {
  readonly settings: () => Settings
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
  readonly random: () => number
  /** Absent: no new pod is followed until it is usable. */
  readonly reachSsh?: ProgressTrackerOptions['reachSsh']
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
  }
  /** Called after each poll. */
  read(hasIdlePod: boolean): void
  /** The next `read` is to read everything however recent it is. */
  expire(): void
  dispose(): void
}

export function createAccountPollers(
  { provider, clock, settings, report, random, reachSsh }: AccountPollersOptions,
  fleet: BalancePollerOptions['fleet'],
  money: BalancePollerOptions['money'],
  onChange: () => void,
): AccountPollers {
  const balance = createBalancePoller({ provider, clock, fleet, money, onChange })
  const lab = createLabPoller({ provider, clock, onChange })
  const progress =
    reachSsh === undefined ? null : createProgressTracker({ provider, clock, random, reachSsh, onChange })
  const progressOf: ProgressTracker['progressOf'] = (podId) => progress?.progressOf(podId) ?? null
  return {
    balance,
    lab,
    follow: (pods) => progress?.onPods(pods),
    progressOf,
    startLogOf: (podId) => progress?.startLogOf(podId) ?? null,
    viewParts: () => ({
      balance,
      lab: lab.view(),
      progressOf,
      hasLogs: provider.streamLogs !== undefined,
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
    dispose: () => progress?.dispose(),
  }
}
