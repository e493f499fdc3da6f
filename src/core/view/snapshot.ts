import type { GuardInPodView } from '../pod-guard/guard-in-pod-view'
import type { ContainerView } from '../containers/container-view'
import type { Activity } from '../idle/activity'
import { type AuditLogView, emptyAuditLog } from '../audit-log/audit-log'
import type { DataImpact } from '../pods/data-impact'
import type { AccountGuardView, PodGuardView } from '../guard/guard-view'
import type { PodDisksView } from '../disk/disk-watch'
import type { InsideLookView } from '../guard/evidence/inside-looks'
import type { CreateView } from '../creation/create-view'
import type { IntentView } from '../intents/intent-view'
import type { ReportedMetrics } from '../idle/reported-metrics'
import type { PodProgress } from '../logs/pod-progress'
import type { MoneyView, PodMoney } from '../money/money-view'
import type { GonePod } from '../polling/pod-inventory'
import type { AccountId, Pod, PodAction, PodId, PodKey, SshRoute, Telemetry } from '../pods/pod'
import type { AccountColor, LabRecord } from '../settings/account-record'
import type { LabView } from '../money/lab-poller'
import type { RemainingQuota, WebFeature } from '../pods/provider'
import type { BurnRate } from '../money/burn-rate'
import type { BalanceView } from '../money/balance'
import type { OutsideStop } from '../polling/outside-stop'
import type { CreatingTime } from '../polling/creating-time'
import type { ConnectionView, UnusableKey } from '../polling/connection'
import type { DemoView } from './demo/demo-view'
import type { KeyStorage } from '../settings/key-storage-text'
import type { QueueView } from '../queue/queue-view'
import type { ObstacleView } from '../obstacles/obstacle'
import type { PodColor } from './pod-colors'
import type { EndpointsView } from '../endpoints/endpoint-view'
import type { UnrecognizedPod } from '../unrecognized-pods/pod-recognition'
import type { VolumesView } from './volumes-view'

export interface AccountView {
  readonly id: AccountId
  readonly isDemo: boolean
  /** Host of the configured API: shown when it is not Runpod's own. */
  readonly host: string
  readonly keyStorage: KeyStorage
  /** Why the key is kept for the session only; follows "since". */
  readonly sessionOnlyReason?: string
  /** The key's last four characters; absent in the demo. */
  readonly keyEnding?: string
  /**
   * The last four characters of an earlier key, while nothing tells whether it belongs to the same account. The person
   * is asked, and nothing is stopped automatically.
   */
  readonly earlierKeyEnding?: string
  /** True while every action of this session was refused with 403, so that the key probably may only read. */
  readonly isMonitorOnly: boolean
}

/** One pod as every window shows it. */
export interface PodView extends Pick<
  Pod,
  | 'id'
  | 'name'
  | 'phase'
  | 'rawStatus'
  | 'statusReason'
  | 'dataCenterId'
  | 'costPerHourUsd'
  | 'isLocked'
  | 'clusterId'
  | 'createdAtMs'
  | 'startedAtMs'
  | 'engine'
  | 'managed'
> {
  readonly accountId: AccountId
  readonly key: PodKey
  /** See `createPodColors`. */
  readonly color: PodColor
  /** The actions that the pod allows now and the app supports. Empty for cluster members. */
  readonly actions: readonly PodAction[]
  /** "4 × H100 SXM", "8 vCPU", or null. */
  readonly hardware: string | null
  readonly gpuCount: number
  /** Null on a CPU pod, and when it is not known. */
  readonly gpuName: string | null
  /** Present when `costPerHourUsd` is from a price list. */
  readonly isPriceApproximate?: true
  /** The same pod in a lab, whose part of `managed` this is. See docs/product-rules.md#122-hubify. */
  readonly labKey?: PodKey
  /** The pod of another account that this one is shown as. Only in the snapshot of this account alone. */
  readonly shownAs?: PodKey
  /** USD per hour of a stopped pod's disk; null for other pods or when unknown. */
  readonly stoppedDiskPerHourUsd: number | null
  /** Estimated USD since `startedAtMs` at the present rate; null when either is unknown. */
  readonly costSinceStartUsd: number | null
  /** Since when it is creating; null when it isn't. */
  readonly creating: CreatingTime | null
  /** Present when its log can be read. */
  readonly hasLogs?: true
  /** How far it is on its way to be usable. Absent: it isn't on its way, or nothing more is known. */
  readonly progress?: PodProgress
  /** Of a running pod. Absent: its container is up, or nothing says otherwise. */
  readonly container?: ContainerView
  /** Of a stopped pod: its stop, if nothing here explains it. */
  readonly outsideStop?: OutsideStop
  /** Nothing here created it, and nobody recognized it yet. */
  readonly unrecognized?: UnrecognizedPod
  /** Utilization of the busiest GPU (on CPU pods: the CPU) in the last sample, percent; null when unknown. */
  readonly utilPercent: number | null
  /** The figures of the last sample: per GPU, of the host, and the container's uptime; null when unknown. */
  readonly gpus: Telemetry['gpus']
  readonly cpuUtilPercent: number | null
  readonly memoryUtilPercent: number | null
  readonly uptimeS: number | null
  readonly activity: Activity
  /** The cost of this idle episode, USD; null unless idle with a known rate. */
  readonly idleCostUsd: number | null
  /** Idle time before the alert, ms, for the progress bar of an idle pod. */
  readonly alertAfterMs: number
  /** What it cost, as far as costs are counted. */
  readonly money: PodMoney | null
  readonly stopImpact: readonly DataImpact[]
  /** The effect of a terminate on the pod's data. */
  readonly terminateImpact: readonly DataImpact[]
  /** The route of a terminal; null when there is none now. */
  readonly sshRoute: SshRoute | null
  /** The open intent of this pod, or the last one that ended recently. */
  readonly intent: IntentView | null
  readonly guard: PodGuardView
  /** Null: none runs, and nothing is known of one. */
  readonly insideLook: InsideLookView | null
  /** Of a running pod. Absent: nothing is known of them. */
  readonly disks?: PodDisksView
  /** Absent: not measured. */
  readonly reportedMetrics?: ReportedMetrics
  /** Absent: no guard in the pod is wanted, or the pod is not running. */
  readonly guardInPod?: GuardInPodView
  /** It was listed in an earlier run and not yet in this one, so nothing can be done with it. */
  readonly isFromLastRun?: true
}

/** A pod that is gone, as every window shows it. */
export interface GonePodView extends GonePod {
  readonly accountId: AccountId
  readonly key: PodKey
}

/** What a person calls an account, and how it is told apart. */
export interface AccountEntry {
  readonly id: AccountId
  readonly name: string
  readonly color: AccountColor
  readonly isDemo: boolean
  /** Host of the API. */
  readonly host: string
  /** The key's last four characters; absent in the demo. */
  readonly keyEnding?: string
  /** See `AccountRecord`. */
  readonly provider?: string
  readonly lab?: LabRecord
  /** What only its provider's web app can do at present. Absent: unknown, or the provider is the cloud itself. */
  readonly webFeatures?: readonly WebFeature[]
  /** It is not watched, because a person paused it. */
  readonly isPaused: boolean
  /** USD; null: none of its own. */
  readonly monthlyBudgetUsd: number | null
  readonly dailyBudgetUsd: number | null
  /** See `AccountRecord`. */
  readonly watchesNewPods: boolean
  readonly watchesEndpoints: boolean
}

/** What is known of one of several accounts, besides its pods. */
export interface AccountPart extends Pick<
  Snapshot,
  | 'account'
  | 'connection'
  | 'listedAtMs'
  | 'isListPartial'
  | 'burn'
  | 'money'
  | 'balance'
  | 'idleCount'
  | 'runwayMs'
  | 'guard'
  | 'obstacles'
  | 'quota'
  | 'lab'
  | 'volumes'
  | 'endpoints'
> {
  readonly entry: AccountEntry
  /** The accounts that show and watch pods of this one in its place. Absent: none. */
  readonly shownBy?: readonly AccountId[]
}

/** What is known of one account, or of several that are shown together. */
export interface Snapshot {
  /** Increases with every publication during the life of the app, across accounts. */
  readonly revision: number
  readonly atMs: number
  /** Null: none is connected, or several are shown together. */
  readonly account: AccountView | null
  /** All of the person's accounts, in their order. Empty where one account is all there is, as in a command line. */
  readonly accounts: readonly AccountPart[]
  readonly connection: ConnectionView
  /** When the last successful list was requested, Unix ms; null when there was none. */
  readonly listedAtMs: number | null
  /** True when the last successful list was partial: some entries could not be parsed. */
  readonly isListPartial: boolean
  readonly pods: readonly PodView[]
  readonly gonePods: readonly GonePodView[]
  /** Pods that are being created, or could not be, oldest first. Absent: none. */
  readonly creates?: readonly CreateView[]
  /** The combined rate of pods and, where known, network volumes. */
  readonly burn: BurnRate
  /** Null when costs are not tracked or there is no account. */
  readonly money: MoneyView | null
  readonly balance: BalanceView
  readonly idleCount: number
  /** How long the balance lasts at the current rate, ms; null when either is unknown or the rate is zero. */
  readonly runwayMs: number | null
  /** Until when alerts are paused, Unix ms; null when they are not. */
  readonly alertsPausedUntilMs: number | null
  readonly guard: AccountGuardView
  readonly auditLog: AuditLogView
  /** What keeps rules from being carried out, and alerts from being shown. See docs/product-rules.md#39-who-can-act. */
  readonly obstacles: readonly ObstacleView[]
  /** Null when no reply included it. */
  readonly quota: RemainingQuota | null
  /** What a lab says besides its pods. Absent: nothing. */
  readonly lab?: LabView
  /** Absent: the account can't have network volumes, or several are shown together. */
  readonly volumes?: VolumesView
  /** Absent: the account has no serverless endpoints, they were not read, or several are shown together. */
  readonly endpoints?: EndpointsView
  /** The queue of jobs, which all accounts share. Absent: only one account is known, as to its own monitor. */
  readonly queue?: QueueView
  /** Absent: the demo doesn't run. */
  readonly demo?: DemoView
  /** Shown until dismissed, newest last, such as a damaged journal or a stop that a crash canceled. */
  readonly notices: readonly Notice[]
}

export interface Notice {
  /** Unique among those of all accounts. */
  readonly id: string
  readonly atMs: number
  /** Null: it is about the program. */
  readonly accountId: AccountId | null
  readonly podId: PodId | null
  readonly text: string
}

/** The part about this account; undefined where there is only one. */
export const partOf = (
  { accounts }: Pick<Snapshot, 'accounts'>,
  accountId: AccountId,
): AccountPart | undefined => accounts.find(({ entry }) => entry.id === accountId)

/** Whether any account is connected. */
export const hasAccount = ({ account, accounts }: Pick<Snapshot, 'account' | 'accounts'>): boolean =>
  account !== null || accounts.some((part) => part.account !== null)

/** The snapshot while no account is connected; `notices` are for display. */
export function emptySnapshot(atMs: number, notices: readonly string[], keptKey?: UnusableKey): Snapshot {
  return {
    revision: 0,
    atMs,
    account: null,
    accounts: [],
    connection: keptKey === undefined ? { kind: 'no-account' } : { kind: 'no-account', keptKey },
    listedAtMs: null,
    isListPartial: false,
    pods: [],
    gonePods: [],
    burn: { perHourUsd: 0, isAtLeast: false },
    money: null,
    balance: { kind: 'not-asked' },
    idleCount: 0,
    runwayMs: null,
    alertsPausedUntilMs: null,
    obstacles: [],
    guard: { autoStop: 'undecided', areAutoStopsPaused: false, isDryRun: false },
    auditLog: emptyAuditLog,
    quota: null,
    notices: notices.map((text, index) => ({
      id: `opening-${index}`,
      atMs,
      accountId: null,
      podId: null,
      text,
    })),
  }
}
