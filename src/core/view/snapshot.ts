import type { Activity } from '../idle/activity'
import { type ActivityView, noActivity } from '../audit-log/audit-log'
import type { DataFate } from '../pods/data-impact'
import type { AccountGuardView, PodGuardView } from '../guard/guard-view'
import type { IntentView } from '../intents/intent'
import type { MoneyView } from '../money/money-view'
import type { Tombstone } from '../polling/pod-inventory'
import type { AccountId, PodAction, PodId, PodPhase, SshRoute, Telemetry } from '../pods/pod'
import type { QuotaLeft } from '../pods/provider'
import type { BurnRate } from '../money/burn-rate'
import type { BalanceView } from '../money/balance'
import type { Connection, KeptKey } from '../polling/connection'

/** Where the key of the account lies; see `keyStorageWords` for what that means. */
export type KeyStorage = 'keychain' | 'dpapi' | 'system-keyring' | 'session-only' | 'none-needed'

export interface AccountView {
  readonly id: AccountId
  readonly isDemo: boolean
  /** Host of the API, as set: for "connected to …" when it is not Runpod's own. */
  readonly host: string
  readonly keyStorage: KeyStorage
  /** Why the key is kept for the session only, to follow "since". */
  readonly sessionOnlyReason?: string
  /** The key's last four characters; not in the demo. */
  readonly keyEnding?: string
  /** True once a write was refused with 403: the key may look, not act. */
  readonly isMonitorOnly: boolean
}

/** One pod as every window draws it. */
export interface PodView {
  readonly id: PodId
  readonly name: string
  readonly phase: PodPhase
  readonly rawStatus: string
  readonly statusReason: string | null
  /** What the pod itself allows now and the app can do. Empty for cluster members. */
  readonly actions: readonly PodAction[]
  /** "4 × H100 SXM", "8 vCPU", or null. */
  readonly hardware: string | null
  readonly gpuCount: number
  readonly dataCenterId: string | null
  readonly clusterId: string | null
  readonly isLocked: boolean | null
  readonly costPerHourUsd: number | null
  /** Of a stopped pod: what its disk costs per hour; else null. */
  readonly stoppedDiskPerHourUsd: number | null
  /** USD since `startedAtMs` at the present rate; null when either is unknown. An estimate. */
  readonly costSinceStartUsd: number | null
  readonly createdAtMs: number | null
  readonly startedAtMs: number | null
  /** The busiest GPU (CPU pods: the CPU), percent, of the last sample; null when not known. */
  readonly utilPercent: number | null
  /** The figures of the last sample: per GPU, of the host, and the container's uptime; null: not known. */
  readonly gpus: Telemetry['gpus']
  readonly cpuUtilPercent: number | null
  readonly memoryUtilPercent: number | null
  readonly uptimeS: number | null
  readonly activity: Activity
  /** What idling has cost in this episode, USD; null unless idle with a known cost. */
  readonly idleCostUsd: number | null
  /** Milliseconds of idle time at which the alert comes, for the bar under an idle pod. */
  readonly alertAfterMs: number
  readonly stopFate: readonly DataFate[]
  /** What a terminate, by whomever, would do: what is at risk. */
  readonly terminateFate: readonly DataFate[]
  /** By which way a terminal would go; null: there is none now. */
  readonly sshRoute: SshRoute | null
  /** The open intent of this pod, or the last one that ended in the past minutes. */
  readonly intent: IntentView | null
  readonly guard: PodGuardView
}

export interface Snapshot {
  /** Rises with every publication for the life of the app, whatever the account. */
  readonly revision: number
  readonly atMs: number
  readonly account: AccountView | null
  readonly connection: Connection
  /** When the picture of the pods was true: the request of the last good list. Null: there was none. */
  readonly pictureAtMs: number | null
  /** Set when the last list was good but partial: some entries could not be read. */
  readonly isPicturePartial: boolean
  readonly pods: readonly PodView[]
  readonly tombstones: readonly Tombstone[]
  /** Of the pods, and of the network volumes where they are counted. */
  readonly burn: BurnRate
  /** Null: it is not counted, or there is no account. */
  readonly money: MoneyView | null
  readonly balance: BalanceView
  readonly idleCount: number
  /** How long the balance lasts at the present burn, ms; null when either is unknown or nothing burns. */
  readonly runwayMs: number | null
  /** Until when alerts are paused, Unix ms; null: they are not. */
  readonly alertsPausedUntilMs: number | null
  readonly guard: AccountGuardView
  readonly activity: ActivityView
  /** The system did not take the last notification: then only tray, windows and activity log tell. */
  readonly areNotificationsFailing: boolean
  /** Null: no answer told. */
  readonly quota: QuotaLeft | null
  /** Things to say once in the window, newest last: a cancelled stop after a kill, a journal that was damaged. */
  readonly notices: readonly Notice[]
}

export interface Notice {
  readonly id: string
  readonly atMs: number
  readonly podId: PodId | null
  readonly text: string
}

/** The snapshot while no account is connected; `notices` are texts for people. */
export function emptySnapshot(atMs: number, notices: readonly string[], keptKey?: KeptKey): Snapshot {
  return {
    revision: 0,
    atMs,
    account: null,
    connection: keptKey === undefined ? { kind: 'no-account' } : { kind: 'no-account', keptKey },
    pictureAtMs: null,
    isPicturePartial: false,
    pods: [],
    tombstones: [],
    burn: { perHourUsd: 0, isAtLeast: false },
    money: null,
    balance: { kind: 'not-asked' },
    idleCount: 0,
    runwayMs: null,
    alertsPausedUntilMs: null,
    areNotificationsFailing: false,
    guard: { autoStop: 'undecided', areAutoStopsPaused: false, isDryRun: false },
    activity: noActivity,
    quota: null,
    notices: notices.map((text, index) => ({ id: `opening-${index}`, atMs, podId: null, text })),
  }
}
