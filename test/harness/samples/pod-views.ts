import type { CreateView } from '../../../src/core/creation/create-view'
import { emptyAuditLog } from '../../../src/core/audit-log/audit-log'
import { type AutoStopView, noGuard, type PodGuardView } from '../../../src/core/guard/guard-view'
import type { IntentView } from '../../../src/core/intents/intent-view'
import { noBudgets } from '../../../src/core/money/money-view'
import type { GonePod } from '../../../src/core/polling/pod-inventory'
import { podKeyOf } from '../../../src/core/pods/pod'
import { createPodColors, preferredColor } from '../../../src/core/view/pod-colors'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import type {
  AccountEntry,
  AccountView,
  GonePodView,
  PodView,
  Snapshot,
} from '../../../src/core/view/snapshot'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'

export const NOW_MS = Date.UTC(2026, 10, 24, 14, 5)

/** By default a stop that the user requested, and that was sent. */
export const intentView = (over: Partial<IntentView> = {}): IntentView => ({
  id: 'i',
  podId: 'pod-1',
  action: 'stop',
  phase: 'sent',
  origin: 'person',
  requester: 'person',
  waitsForGpu: false,
  nextTryAtMs: null,
  canWaitForGpu: false,
  undoUntilMs: null,
  message: null,
  atMs: NOW_MS,
  ...over,
})

/** By default a busy running pod. */
export function podView(over: Partial<PodView> = {}): PodView {
  const { accountId = 'account', id = 'pod-1' } = over
  return {
    accountId,
    key: podKeyOf(accountId, id),
    id,
    name: 'llama-70b-sft',
    color: preferredColor(podKeyOf(accountId, id)),
    phase: 'running',
    rawStatus: 'RUNNING',
    statusReason: null,
    actions: ['stop'],
    hardware: '4 × H100 SXM',
    gpuCount: 4,
    gpuName: 'H100 SXM',
    dataCenterId: 'US-KS-2',
    clusterId: null,
    isLocked: false,
    costPerHourUsd: 10.76,
    stoppedDiskPerHourUsd: null,
    costSinceStartUsd: 66.71,
    createdAtMs: NOW_MS - 7 * HOUR_MS,
    creating: null,
    startedAtMs: NOW_MS - 6 * HOUR_MS,
    utilPercent: 93,
    gpus: Array.from({ length: 4 }, () => ({ utilPercent: 93, memoryUtilPercent: 70 })),
    cpuUtilPercent: 31,
    memoryUtilPercent: 44,
    uptimeS: 21_600,
    activity: { kind: 'busy', by: 'gpu', partlyIdle: null },
    idleCostUsd: null,
    alertAfterMs: 15 * MINUTE_MS,
    stopImpact: [],
    terminateImpact: [],
    sshRoute: over.phase === undefined || over.phase === 'running' ? 'direct' : null,
    intent: null,
    guard: noGuard,
    insideLook: null,
    money: null,
    ...over,
  }
}

/** The activity of a pod that has been idle for `minutes`. */
export function idleFor(minutes: number): PodView['activity'] {
  return {
    kind: 'idle',
    sinceMs: NOW_MS - minutes * MINUTE_MS,
    idleForMs: minutes * MINUTE_MS,
    quietForMs: 0,
    evidence: {
      gpuUtil: { min: 0, max: 2 },
      cpuUtil: { min: 1, max: 1 },
      isMemoryStill: true,
      samples: 4 * minutes,
      idleSamples: 4 * minutes,
    },
  }
}

/** The guard of a pod that may be stopped automatically. */
export function guardViewWith(autoStop: AutoStopView): PodGuardView {
  return { ...noGuard, rules: { isAutoStopped: true }, isAutoStopEnabled: true, autoStop }
}

const accountView: AccountView = {
  id: 'account',
  isDemo: false,
  host: 'api.example',
  keyStorage: 'system-keyring',
  isMonitorOnly: false,
}

/** By default a live snapshot of `pods`, of one account. */
export function snapshotOf(pods: readonly PodView[], over: Partial<Snapshot> = {}): Snapshot {
  const snapshot: Snapshot = {
    accounts: [],
    revision: 1,
    atMs: NOW_MS,
    account: accountView,
    connection: { kind: 'live' },
    listedAtMs: NOW_MS,
    isListPartial: false,
    pods: createPodColors().paint(pods.map(withOwnKey)),
    gonePods: [],
    money: null,
    burn: { perHourUsd: 10.76, isAtLeast: false },
    balance: { kind: 'not-asked' },
    idleCount: 0,
    runwayMs: null,
    alertsPausedUntilMs: null,
    auditLog: emptyAuditLog,
    obstacles: [],
    guard: { autoStop: 'off', areAutoStopsPaused: false, isDryRun: false },
    quota: null,
    notices: [],
    ...over,
  }
  return over.accounts === undefined ? { ...snapshot, accounts: accountsOf(snapshot) } : snapshot
}

/** A pod that was copied from another one under a new id gets the key of that id. */
function withOwnKey(pod: PodView): PodView {
  const key = podKeyOf(pod.accountId, pod.id)
  return pod.key === key ? pod : { ...pod, key }
}

export const gonePod = (pod: GonePod, accountId = 'account'): GonePodView => ({
  ...pod,
  accountId,
  key: podKeyOf(accountId, pod.id),
})

/** The only account, if there is one. */
function accountsOf(snapshot: Snapshot): Snapshot['accounts'] {
  const { account, connection } = snapshot
  const keptKey = connection.kind === 'no-account' ? connection.keptKey : undefined
  if (account === null && keptKey === undefined) return []
  const entry = accountEntry({ id: account?.id ?? 'account', isDemo: account?.isDemo ?? false })
  return mergeSnapshots([{ entry, snapshot }], noBudgets, NOW_MS).accounts
}

export function accountEntry(over: Partial<AccountEntry> = {}): AccountEntry {
  return {
    id: 'account',
    name: 'Runpod',
    color: 'blue',
    isDemo: false,
    host: 'api.example',
    keyEnding: '9f3c',
    isPaused: false,
    monthlyBudgetUsd: null,
    dailyBudgetUsd: null,
    watchesNewPods: true,
    watchesEndpoints: true,
    ...over,
  }
}

/** Several accounts as the app shows them together, by their entries; each has the pods that name it. */
export function snapshotOfAccounts(
  parts: readonly (Partial<Snapshot> & { readonly entry: AccountEntry })[],
  over: Partial<Snapshot> = {},
): Snapshot {
  const accountSnapshots = parts.map(({ entry, pods = [], ...own }) => ({
    entry,
    snapshot: snapshotOf(pods, {
      account: { ...accountView, id: entry.id },
      ...own,
    }),
  }))
  const merged = mergeSnapshots(accountSnapshots, noBudgets, NOW_MS)
  return { ...merged, pods: createPodColors().paint(merged.pods), revision: 1, ...over }
}

/** A create that is to be sent. */
export const createView = (more: Partial<CreateView> = {}): CreateView => ({
  id: 'create-1',
  accountId: 'account',
  name: 'night-train',
  phase: 'scheduled',
  podId: null,
  candidate: 'H100 SXM',
  candidates: [{ label: 'H100 SXM', perHourUsd: 2.7 }],
  tries: [],
  isWaitingForCapacity: false,
  nextTryAtMs: null,
  expiresAtMs: null,
  maxPerHourUsd: null,
  isUnclear: false,
  canCancel: true,
  endsWithProgram: false,
  canWaitForCapacity: false,
  message: null,
  replacesPodId: null,
  awaitsTabs: false,
  draftId: null,
  requestedAtMs: NOW_MS,
  atMs: NOW_MS,
  ...more,
})
