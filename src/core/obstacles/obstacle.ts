import type { AlertKind } from '../alerts/alert'
import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { StopCause } from '../intents/intent'
import type { AccountId, PodId } from '../pods/pod'

/** What acts on a pod: a rule of this program, what follows a job, or the guard in the pod. */
export type ActingRule = StopCause | 'after-job' | 'pod-guard'

/** What can keep a rule from being carried out. See docs/product-rules.md#39-who-can-act. */
export const obstacleCodes = [
  'folder-held',
  'folder-format',
  'folder-unusable',
  'server-keeps',
  'server-lost',
  'key-refused',
  'key-forbidden',
  'offline',
  'cannot-save',
  'read-only-key',
  'notifications',
  'unheard',
  'status-unknown',
  'unjudged',
  'undecided',
  'unreadable',
  'not-offered',
  'stop-failing',
  'guard-silent',
  'guard-unarmed',
] as const

export type ObstacleCode = (typeof obstacleCodes)[number]

interface ObstacleDefinition {
  readonly severity: 'critical' | 'warning'
  /** Whether it holds for all accounts of the program, for all pods of the account, or for one. */
  readonly scope: 'program' | 'account' | 'pod'
  /** It says nothing more while one of these holds. */
  readonly dependsOn: readonly ObstacleCode[]
  /** The rules that are not carried out meanwhile. */
  readonly impairs: readonly ActingRule[]
  /** Awake time before it is shown, ms. */
  readonly shownAfterMs: number
  /** The kind of another source that alerts about it; `itself`: nothing else does. */
  readonly alertedBy: 'itself' | AlertKind
}

const ownStops: readonly ActingRule[] = ['quiet', 'max-hours', 'stop-time', 'budget', 'after-job']

/** Awake time in which nobody could carry out a rule, before that is an alert, ms. */
export const UNABLE_ALERT_AFTER_MS = 15 * MINUTE_MS
/** A rule that is due later is none that somebody has to be able to carry out now, ms. */
export const DUE_SOON_MS = HOUR_MS
/** The same time where nothing says when the pod would be quiet for long enough, ms. */
export const UNKNOWN_QUIET_ALERT_AFTER_MS = HOUR_MS

const ofAccount = {
  severity: 'critical',
  scope: 'account',
  dependsOn: [],
  impairs: ownStops,
  shownAfterMs: 0,
} as const
const ofProgram = { ...ofAccount, scope: 'program' } as const
/** Without these, no stop is tried and no pod read, so what was found so far says nothing more. */
const needed: readonly ObstacleCode[] = [
  'folder-format',
  'folder-unusable',
  'key-refused',
  'key-forbidden',
  'offline',
]
const ofPod = {
  severity: 'critical',
  scope: 'pod',
  dependsOn: needed,
  impairs: ownStops,
  shownAfterMs: UNABLE_ALERT_AFTER_MS,
} as const

/** Each obstacle is declared here and nowhere else. Its texts are in obstacle-text.ts. */
export const obstacleDefinitions: Readonly<Record<ObstacleCode, ObstacleDefinition>> = {
  // The other program carries the rules out.
  'folder-held': { ...ofProgram, severity: 'warning', impairs: [], alertedBy: 'itself' },
  'folder-format': { ...ofProgram, alertedBy: 'itself' },
  'folder-unusable': { ...ofProgram, alertedBy: 'itself' },
  // So does the server.
  'server-keeps': { ...ofAccount, severity: 'warning', impairs: [], alertedBy: 'itself' },
  'server-lost': { ...ofAccount, alertedBy: 'itself' },
  'key-refused': { ...ofAccount, alertedBy: 'key-refused' },
  'key-forbidden': { ...ofAccount, alertedBy: 'key-refused' },
  offline: { ...ofAccount, shownAfterMs: UNABLE_ALERT_AFTER_MS, alertedBy: 'itself' },
  'cannot-save': { ...ofAccount, dependsOn: needed, alertedBy: 'itself' },
  'read-only-key': { ...ofAccount, alertedBy: 'unable-to-act' },
  // A phone or chat channel may take the warnings, so this alone keeps no rule from being carried out.
  notifications: { ...ofProgram, severity: 'warning', impairs: [], alertedBy: 'itself' },
  unheard: { ...ofPod, alertedBy: 'itself' },
  'status-unknown': { ...ofPod, alertedBy: 'itself' },
  unjudged: { ...ofPod, alertedBy: 'itself' },
  undecided: { ...ofPod, alertedBy: 'itself' },
  unreadable: { ...ofPod, alertedBy: 'itself' },
  'not-offered': { ...ofPod, alertedBy: 'itself' },
  // What can't be saved isn't sent, so it fails of nothing else.
  'stop-failing': {
    ...ofPod,
    dependsOn: [...needed, 'cannot-save'],
    shownAfterMs: 0,
    alertedBy: 'unable-to-act',
  },
  'guard-silent': { ...ofPod, severity: 'warning', impairs: ['pod-guard'], alertedBy: 'guard-silent' },
  'guard-unarmed': { ...ofPod, severity: 'warning', impairs: ['pod-guard'], alertedBy: 'itself' },
}

/** Whether it is why this program only reads its data folder. */
export const isAboutFolder = ({ code }: Pick<Impediment, 'code'>): boolean => code.startsWith('folder-')

/** The same for all accounts of the program. */
export const isOfProgram = ({ code }: Pick<Impediment, 'code'>): boolean =>
  obstacleDefinitions[code].scope === 'program'

/** Whether what is said of the connection says it already. */
export const isAboutConnection = ({ code }: Pick<Impediment, 'code'>): boolean =>
  code === 'key-refused' || code === 'key-forbidden' || code === 'offline'

/** What keeps a rule from being carried out now. */
export interface Impediment {
  readonly code: ObstacleCode
  /** Why, as a clause that follows "since". */
  readonly why: string
}

/** A rule that may be due on a pod, and whether this program could carry it out. What a person chose is none. */
export interface RuleOutlook {
  readonly podId: PodId
  readonly podName: string
  /** The start of the pod's run, or when it was created, Unix ms; null: not known. */
  readonly startedAtMs: number | null
  readonly rule: ActingRule
  readonly action: 'stop' | 'terminate'
  /** Time until it is due if nothing changes, ms; null: not known. */
  readonly dueInMs: number | null
  /** When an earlier program listed the pod last, Unix ms. Absent: this one did. */
  readonly lastSeenAtMs?: number
  /** Null: nothing of the pod keeps it from being carried out. */
  readonly impediment: Impediment | null
  /** Another one carries it out if this program can't. */
  readonly isCovered: boolean
}

/** An obstacle as windows, tray and commands show it. */
export interface ObstacleView extends Impediment {
  readonly accountId: AccountId
  readonly severity: 'critical' | 'warning'
  /** Null: it is about the account. */
  readonly podId: PodId | null
  readonly podName: string | null
  /** Unix ms. */
  readonly sinceMs: number
  readonly title: string
  /** A sentence. */
  readonly help: string
}
