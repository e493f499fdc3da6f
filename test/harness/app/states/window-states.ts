import { emptySnapshot, type PodView, type Snapshot } from '../../../../src/core/view/snapshot'
import type { ConnectionView } from '../../../../src/core/polling/connection'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { obstacleText, obstacleTitle } from '../../../../src/core/obstacles/obstacle-text'
import { obstacle } from '../../samples/obstacles'
import { gonePod, NOW_MS, snapshotOf } from '../../samples/pod-views'
import { containerPods } from './container-pods'
import { statePods as pod } from './state-pods'

/** A state of a window, and what a test sends to the window instead of the app (`show-state.ts`). */
export interface WindowState {
  /** Usable as a file name. */
  readonly name: string
  readonly window: 'popover' | 'main'
  readonly snapshot: Snapshot
  /** The search text; main window only. */
  readonly search?: string
}

const five: readonly PodView[] = [pod.busy, pod.idle, pod.idleLong, pod.creating, pod.stopped]
const few: readonly PodView[] = [pod.busy, pod.stopped]

const balance = { kind: 'known', usd: 164.2, spendPerHourUsd: null, atMs: NOW_MS } as const

/** A live snapshot of `pods` with a matching rate and balance, unless overridden. */
function live(pods: readonly PodView[], over: Partial<Snapshot> = {}): Snapshot {
  const rates = pods.map((one) => (one.phase === 'stopped' ? one.stoppedDiskPerHourUsd : one.costPerHourUsd))
  const perHourUsd = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0)
  return snapshotOf(pods, {
    account: {
      id: 'account',
      isDemo: false,
      host: 'api.runpod.io',
      keyStorage: 'system-keyring',
      isMonitorOnly: false,
    },
    listedAtMs: NOW_MS - 4 * SECOND_MS,
    burn: { perHourUsd, isAtLeast: rates.includes(null) },
    balance,
    quota: { requests: 54 },
    runwayMs: perHourUsd > 0 ? (balance.usd / perHourUsd) * HOUR_MS : null,
    idleCount: pods.filter(({ activity }) => activity.kind === 'idle' && activity.idleForMs > 15 * MINUTE_MS)
      .length,
    ...over,
  })
}

const account = (over: Partial<NonNullable<Snapshot['account']>>): Partial<Snapshot> => ({
  account: { ...live([]).account!, ...over },
})

const demoAccount = account({ isDemo: true, host: 'this computer', keyStorage: 'none-needed' })
const demoClock = { realMs: NOW_MS, demoMs: NOW_MS, factor: 1 }

/** Connection errors, each with old data and without data. */
const failing = {
  sinceMs: NOW_MS - 6 * MINUTE_MS,
  nextTryAtMs: NOW_MS + 40 * SECOND_MS,
} as const
const broken: Readonly<Record<string, ConnectionView>> = {
  offline: {
    kind: 'offline',
    ...failing,
    failure: 'api.runpod.io refused the connection (ECONNREFUSED).',
  },
  unreadable: {
    kind: 'unreadable',
    ...failing,
    failure: 'It is a web page: “Welcome to the guest network”.',
  },
  'rate-limited': { kind: 'rate-limited', untilMs: NOW_MS + 5 * MINUTE_MS },
  'key-doubted': { kind: 'key-doubted', atMs: NOW_MS - MINUTE_MS, retryAtMs: NOW_MS + 4 * MINUTE_MS },
  'key-refused': {
    kind: 'key-refused',
    firstAtMs: NOW_MS - 7 * MINUTE_MS,
    againAtMs: NOW_MS - 2 * MINUTE_MS,
    nextTryAtMs: NOW_MS + 3 * MINUTE_MS,
  },
  forbidden: { kind: 'forbidden', atMs: NOW_MS - MINUTE_MS, failure: 'access denied' },
}

const stale = { listedAtMs: NOW_MS - 6 * MINUTE_MS } as const
const noPicture = { listedAtMs: null, burn: { perHourUsd: 0, isAtLeast: false }, runwayMs: null } as const
const neverAsked = { ...noPicture, balance: { kind: 'not-asked' } } as const

const armed = { autoStop: 'all', areAutoStopsPaused: false, isDryRun: false } as const

const snapshots: Readonly<Record<string, Snapshot>> = {
  'first-run': emptySnapshot(NOW_MS, []),
  'first-run-notice': emptySnapshot(NOW_MS, [
    'Paste the key ending in 9f3c again: it was kept for the last session only.',
  ]),
  connecting: live([], { ...neverAsked, connection: { kind: 'connecting' } }),
  pods: live(five),
  'no-pods': live([]),
  'no-pods-partial': live([], { isListPartial: true }),
  'one-idle': live([pod.idleLong]),
  'only-stopped': live([pod.stopped, { ...pod.stopped, id: 'stopped-2', name: 'anomaly-v2' }]),
  'every-kind': live([
    pod.busy,
    pod.idle,
    pod.idleLong,
    pod.partly,
    pod.creating,
    pod.stopped,
    pod.error,
    pod.unknown,
    pod.unsure,
    pod.booting,
    pod.priceless,
    pod.locked,
    pod.cpuOnly,
    pod.clusterA,
    pod.clusterB,
  ]),
  containers: live(containerPods),
  guard: live([pod.ending, pod.kept, pod.watched, pod.planned, pod.held, pod.unticked], {
    guard: { ...armed, autoStop: 'ticked' },
  }),
  plan: live([pod.movedPlan, pod.movedDue, pod.heldEarly, pod.heldRule], {
    guard: { ...armed, autoStop: 'ticked' },
  }),
  unable: live([pod.unable, pod.handedOver, pod.watched], {
    guard: { ...armed, autoStop: 'ticked' },
    obstacles: [
      obstacle({
        accountId: 'account',
        code: 'unheard',
        severity: 'critical',
        why: 'no warning could be shown to you',
        podId: 'unable',
        podName: pod.unable.name,
        sinceMs: NOW_MS - 20 * MINUTE_MS,
        title: obstacleTitle('unheard', pod.unable.name),
        help: obstacleText('unheard').help,
      }),
      obstacle({ accountId: 'account', sinceMs: NOW_MS - 25 * MINUTE_MS }),
    ],
  }),
  'guard-dry-run': live([pod.planned, pod.watched], { guard: { ...armed, isDryRun: true } }),
  'guard-paused': live([pod.watched], { guard: { ...armed, areAutoStopsPaused: true } }),
  actions: live([pod.undoable, pod.slow, pod.failed]),
  'hostile-names': live([pod.longName, pod.unbroken, pod.markup, pod.override, pod.arabic]),
  partial: live(few, { isListPartial: true }),
  'no-balance': live(few, {
    balance: { kind: 'unavailable', reason: 'Runpod no longer answers GraphQL.' },
    runwayMs: null,
  }),
  debt: live(few, { balance: { ...balance, usd: -3.2 }, runwayMs: 0 }),
  'monitor-only': live(few, account({ isMonitorOnly: true })),
  'session-only': live(few, account({ keyStorage: 'session-only' })),
  'account-question': live(few, account({ earlierKeyEnding: 'a1b2' })),
  elsewhere: live(few, account({ host: 'runpod.proxy.example.com:8443' })),
  demo: live(five, { ...demoAccount, demo: { clock: demoClock } }),
  'demo-tour': live(five, {
    ...demoAccount,
    demo: {
      clock: { ...demoClock, factor: 60 },
      tour: { key: pod.idleLong.key, step: 'watch', saving: null, savedUsd: null, isTimePassing: true },
    },
  }),
  notices: live(few, {
    notices: [
      {
        id: 'n1',
        atMs: NOW_MS - HOUR_MS,
        accountId: null,
        podId: null,
        text: 'The journal of actions was damaged; what could be read goes on.',
      },
      {
        id: 'n2',
        atMs: NOW_MS,
        accountId: 'account',
        podId: 'busy',
        text: 'The stop of llama-70b-sft was canceled: Podkeeper ended before it was sent.',
      },
    ],
    gonePods: [
      gonePod({ id: 'gone', name: 'whisper-eval', goneAtMs: NOW_MS - 2 * HOUR_MS, how: 'vanished' }),
      gonePod({ id: 'ended', name: 'sdxl-eval', goneAtMs: NOW_MS - 3 * HOUR_MS, how: 'reported' }),
    ],
  }),
  ...Object.fromEntries(
    Object.entries(broken).flatMap(([name, connection]) => [
      [name, live(few, { connection, ...stale })],
      [`${name}-no-list`, live([], { connection, ...neverAsked })],
    ]),
  ),
}

/** Every state of both windows, at `NOW_MS`. */
export const windowStates: readonly WindowState[] = [
  ...(['popover', 'main'] as const).flatMap((window) =>
    Object.entries(snapshots).map(([name, snapshot]) => ({ name, window, snapshot })),
  ),
  { name: 'no-match', window: 'main', snapshot: live(five), search: 'h200 us-ks' },
]
