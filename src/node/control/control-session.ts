import { randomUUID } from 'node:crypto'
import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { type Instant, SECOND_MS } from '../../core/base/time'
import { createConfirmationPrompt } from '../../core/confirmation/confirmation-prompt'
import { isOpen } from '../../core/intents/intent'
import type { Monitor } from '../../core/monitor-types'
import type { AccountId } from '../../core/pods/pod'
import { isDataKept } from '../../core/pods/data-impact'
import { impactSentence } from '../../core/pods/data-impact-text'
import { changedIn, isSettingName } from '../../core/settings/definitions/setting-list'
import type { Settings } from '../../core/settings/settings'
import { nextStops } from '../../core/view/next-stops'
import { createQueueControlHandlers } from './queue-handlers'
import type { Queue } from '../../core/queue/queue'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { createControlCreates } from './control-creates'
import type {
  ControlEvents,
  ControlHandlers,
  ControlledAccountView,
  ControlledPodView,
  ControlRefusal,
  SettingValue,
} from './control-requests'

/** Changes one setting on behalf of the user; `undefined` stands for the default. The error is for display. */
export type ChangeSetting = (
  name: string,
  value: SettingValue | undefined,
) => Result<void, string> | Promise<Result<void, string>>

/** The program that carries requests out. */
export interface ControlHost {
  readonly clock: Clock
  /** The monitor of an account; null unless it is connected. */
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly settings: () => Settings
  readonly changeSetting: ChangeSetting
  /** Null: the demo runs, or this program has none. */
  readonly queue: () => Queue | null
  /** False for a program that polls once, and so knows no quiet window. */
  readonly hasHistory: boolean
}

/** The requests of one command, and the actions that it began. */
export interface ControlSession {
  readonly handlers: ControlHandlers
  /** Whether an action that it began is under way. */
  isFollowing(): boolean
  /** What was begun goes on. What was only asked about is not done any more. */
  dispose(): void
}

/** A list that is older is read again, so that a new pod is known by its name. */
const FRESH_MS = 5 * SECOND_MS
/** An answer that was carried out later would be about what was on screen long before. */
const MAX_ANSWER_AGE_MS = 30 * SECOND_MS
/** Only commands use these requests. */
const COMMAND_LINE = { isFromCommandLine: true } as const
const REFRESH_TIMEOUT_MS = 10 * SECOND_MS
const FIRST_POLL_TIMEOUT_MS = 45 * SECOND_MS

/** Carries requests about one account out over its monitor, the same in every program. */
export function createControlSession(
  host: ControlHost,
  accountId: AccountId,
  events: ControlEvents,
): ControlSession {
  const { clock } = host
  const ownMonitor = (): Monitor | null => host.monitor(accountId)
  /** By pod that was acted on: where, and whether its last action is open. */
  const followed = new Map<string, { readonly monitor: Monitor; readonly isOpen: boolean }>()
  const unsubscribes = new Map<Monitor, () => void>()
  let answeredAt: Instant | null = null
  let isPodUnreadable = false

  const prompt = createConfirmationPrompt({
    clock,
    newToken: randomUUID,
    accountPods: () => ownMonitor()?.accountPods() ?? null,
    async refreshPod(podId) {
      const refreshed = (await ownMonitor()?.refreshPod(podId)) ?? fail(NO_ACCOUNT.message)
      isPodUnreadable = !refreshed.ok
      return refreshed
    },
    execute(purpose, confirmed) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(NO_ACCOUNT.message)
      // The pod was read again meanwhile, and the computer may have slept.
      if (answeredAt === null || isOlderThan(MAX_ANSWER_AGE_MS, answeredAt, clock.now()))
        return fail('The answer is too old, so nothing was done.')
      if (purpose === 'terminate-at-max-hours') return monitor.terminateAtMaxHours(confirmed)
      return following(monitor, confirmed.podId, () => monitor.terminate(confirmed, COMMAND_LINE))
    },
    show: () => {},
    close: () => {},
  })

  /** An account that was disconnected tells nothing any more. */
  function isFollowing(): boolean {
    return [...followed.values()].some((one) => one.isOpen && one.monitor === ownMonitor())
  }

  function follow(monitor: Monitor, podId: string): void {
    followed.set(podId, { monitor, isOpen: true })
    if (unsubscribes.has(monitor)) return
    let lastConnection = ''
    const stopIntents = monitor.onIntent((intent) => {
      if (!followed.has(intent.podId)) return
      followed.set(intent.podId, { monitor, isOpen: isOpen(intent) })
      events.onIntent(intent)
    })
    const stopSnapshots = monitor.subscribe(({ connection }) => {
      if (!isFollowing() || connection.kind === lastConnection) return
      lastConnection = connection.kind
      events.onConnection(connection)
    })
    unsubscribes.set(monitor, () => {
      stopIntents()
      stopSnapshots()
    })
  }

  /** Follows what `request` begins on the pod, unless it is refused. */
  function following<T>(
    monitor: Monitor,
    podId: string,
    request: () => Result<T, string>,
  ): Result<T, string> {
    const before = followed.get(podId)
    follow(monitor, podId)
    const result = request()
    if (result.ok) return result
    if (before === undefined) followed.delete(podId)
    else followed.set(podId, before)
    return result
  }

  async function withMonitor<T>(
    request: (monitor: Monitor) => Result<T, string>,
    followedPodId?: string,
  ): Promise<Result<T, ControlRefusal>> {
    const monitor = ownMonitor()
    if (monitor === null) return fail(NO_ACCOUNT)
    return toReply(
      followedPodId === undefined
        ? request(monitor)
        : following(monitor, followedPodId, () => request(monitor)),
    )
  }

  const creates = createControlCreates(ownMonitor, (create) => events.onCreate(create), NO_ACCOUNT)

  const handlers: ControlHandlers = {
    ...creates.handlers,
    ...createQueueControlHandlers(host.queue),
    async account() {
      const monitor = ownMonitor()
      if (monitor === null) return fail(NO_ACCOUNT)
      await waitForPoll(monitor, clock)
      return ok(toView(monitor.snapshot(), host))
    },
    act: (podId, action, isImmediate) =>
      withMonitor((monitor) => monitor.act(podId, action, { ...COMMAND_LINE, isImmediate }), podId),
    startWhenFree: (podId) => withMonitor((monitor) => monitor.waitForGpu(podId, COMMAND_LINE), podId),
    undo: (intentId) => withMonitor((monitor) => monitor.undo(intentId)),

    async changeVolume(change) {
      const monitor = ownMonitor()
      return monitor === null ? fail(NO_ACCOUNT) : ok(await monitor.changeVolume(change, true))
    },
    async editPod(podId, edit, shown) {
      const monitor = ownMonitor()
      return monitor === null ? fail(NO_ACCOUNT) : ok(await monitor.editPod(podId, edit, shown, true))
    },

    async askConfirmation(podId, purpose) {
      if (ownMonitor() === null) return fail(NO_ACCOUNT)
      const requested = await prompt.request(podId, purpose)
      if (!requested.ok)
        return fail({ code: isPodUnreadable ? 'unreachable' : 'failed', message: requested.error })
      const view = prompt.view()
      if (view === null)
        return fail({ code: 'failed', message: 'The pod changed while you were being asked.' })
      const { token, title, lines, label } = view
      return ok({ token, title, lines: lines.map(({ text }) => text), label })
    },

    async answerConfirmation(token, typed) {
      isPodUnreadable = false
      answeredAt = clock.now()
      const answer = await prompt.answer(token, typed)
      // One answer for one question: a second one is asked for anew.
      prompt.dismiss()
      if (answer.kind === 'done') return ok(undefined)
      return fail({ code: isPodUnreadable ? 'unreachable' : 'failed', message: answer.message })
    },

    keepOn: (podId, choice) =>
      withMonitor((monitor) => (choice === null ? monitor.endKeepOn(podId) : monitor.keepOn(podId, choice))),
    changePodRules: (podId, changes) => withMonitor((monitor) => monitor.changePodRules(podId, changes)),
    setAutoStop: (mode) => withMonitor((monitor) => monitor.setAutoStop(mode)),
    settings: async () => ok(host.settings()),
    changeSetting,
    resetSetting: (name) => changeSetting(name, undefined),
  }

  async function changeSetting(
    name: string,
    value: SettingValue | undefined,
  ): Promise<Result<void, ControlRefusal>> {
    if (isSettingName(name) && changedIn(name) === 'own-window')
      return fail({
        code: 'failed',
        message: 'The Runpod API address decides where your key is sent, so it can only be set in the app.',
      })
    return toReply(await host.changeSetting(name, value))
  }

  return {
    handlers,
    isFollowing: () => isFollowing() || creates.isFollowing(),
    dispose() {
      prompt.dismiss()
      creates.dispose()
      for (const unsubscribe of unsubscribes.values()) unsubscribe()
      unsubscribes.clear()
    },
  }
}

const NO_ACCOUNT: ControlRefusal = {
  code: 'other-account',
  message: 'That Podkeeper has no account connected, so nothing was done.',
}

const isOlderThan = (ageMs: number, then: Instant, now: Instant): boolean =>
  now.monotonicMs - then.monotonicMs > ageMs || Math.abs(now.wallMs - then.wallMs) > ageMs

const toReply = <T>(result: Result<T, string>): Result<T, ControlRefusal> =>
  result.ok ? result : fail({ code: 'failed', message: result.error })

/** Waits for the first poll, or asks for one where the last list is old. */
function waitForPoll(monitor: Monitor, clock: Clock): Promise<void> {
  const before = monitor.snapshot()
  const isFirst = before.connection.kind === 'connecting'
  const { kind } = before.connection
  const isFresh = before.listedAtMs !== null && Math.abs(clock.now().wallMs - before.listedAtMs) < FRESH_MS
  if (kind === 'key-refused' || kind === 'rate-limited' || (kind === 'live' && isFresh))
    return Promise.resolve()
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      unsubscribe()
      resolve()
    }
    const cancel = clock.schedule(isFirst ? FIRST_POLL_TIMEOUT_MS : REFRESH_TIMEOUT_MS, finish)
    const unsubscribe = monitor.subscribe(({ connection, listedAtMs }) => {
      const hasFailed =
        connection.kind !== 'live' && JSON.stringify(connection) !== JSON.stringify(before.connection)
      if (connection.kind !== 'connecting' && (listedAtMs !== before.listedAtMs || hasFailed)) finish()
    })
    if (!isFirst) monitor.refresh()
  })
}

function toView(snapshot: Snapshot, { settings, hasHistory }: ControlHost): ControlledAccountView {
  const { autoStop, areAutoStopsPaused, isDryRun } = snapshot.guard
  return {
    atMs: snapshot.atMs,
    connection: snapshot.connection,
    guard: { autoStop, areAutoStopsPaused, isDryRun },
    pods: snapshot.pods.map(toPodView),
    stops: nextStops(snapshot, { settings: settings(), hasHistory }),
  }
}

function toPodView(pod: PodView): ControlledPodView {
  const { id, name, phase, actions, hardware, costPerHourUsd, stopImpact, intent, guard, progress } = pod
  return {
    id,
    name,
    phase,
    actions,
    hardware,
    costPerHourUsd,
    stopImpactText: impactSentence(stopImpact),
    isDataKept: isDataKept(stopImpact) || stopImpact.some(({ storage }) => storage === 'service-volume'),
    openAction: intent !== null && isOpen(intent) ? intent.action : null,
    rules: guard.rules,
    isAutoStopEnabled: guard.isAutoStopEnabled,
    keepOn: guard.keepOn,
    ...(progress && { progress }),
  }
}
