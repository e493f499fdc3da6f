import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { type Instant, SECOND_MS } from '../../core/base/time/time'
import { createConfirmationPrompt } from '../../core/confirmation/confirmation-prompt'
import { isOpen } from '../../core/intents/intent'
import type { Approvals } from '../../core/pods-api/access/approvals'
import type { FolderHealth } from '../../core/monitor/folder-health'
import type { Monitor } from '../../core/monitor/monitor-types'
import {
  accountOperationNames,
  type AccountOperations,
  accountOperations,
  type OperationRequester,
} from '../../core/operations/account-operations'
import { bindOperations } from '../../core/operations/bind-operations'
import type { AccountId, PodId } from '../../core/pods/pod'
import { changedIn, isSettingName } from '../../core/settings/definitions/setting-list'
import type { Settings } from '../../core/settings/settings'
import type { ApplyConfig } from '../data-folder/apply-config'
import { createGuardHandlers } from './guard-handlers'
import { createQueueControlHandlers } from './queue-handlers'
import type { Queue } from '../../core/queue/queue'
import { createApiHandlers } from './api-handlers'
import { createControlCreates } from './control-creates'
import { toControlledView, waitForPoll } from './controlled-view'
import type { ControlActions, ControlEvents, ControlHandlers, ControlRefusal } from './control-requests'
import type { SettingValue } from '../../core/settings/definitions/typed-value'
import { serializeSnapshot } from '../../shared/snapshot-text'
import { withPersonRecorded } from './person-requests'

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
  readonly applyConfig: ApplyConfig
  /** Writes to the activity log. */
  readonly record: (entry: AuditEntry) => void
  /** Null: the demo runs, or this program has none. */
  readonly queue: () => Queue | null
  /** Absent, or null while the demo runs: this program watches nothing. */
  readonly health?: () => FolderHealth | null
  /** Asks in the app's own window about terminating a pod for a token. Absent: this program has none. */
  readonly askInWindow?: (
    accountId: AccountId,
    podId: PodId,
    tokenName: string,
  ) => Promise<Result<void, string>>
  /** Absent: this program watches nothing, so that no agent asks it. */
  readonly approvals?: Approvals
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

/** Who asks, and about which account. */
interface SessionRequester {
  readonly accountId: AccountId
  /** Where sudo says so. */
  readonly person?: string | undefined
}

/** Only commands use these requests. */
const byCommand = ({ person }: SessionRequester): OperationRequester => ({
  isFromCommandLine: true,
  ...(person !== undefined && { personName: person }),
})

/** An answer that was carried out later would be about what was on screen long before. */
const MAX_ANSWER_AGE_MS = 30 * SECOND_MS

/** Carries requests about one account out over its monitor, the same in every program. */
export function createControlSession(
  host: ControlHost,
  requester: SessionRequester,
  events: ControlEvents,
): ControlSession {
  const { clock } = host
  const by = byCommand(requester)
  const ownMonitor = (): Monitor | null => host.monitor(requester.accountId)
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
      return following(monitor, confirmed.podId, () => monitor.terminate(confirmed, by))
    },
    ...NO_WINDOW,
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

  async function withFollowed<T>(
    podId: string,
    request: (monitor: Monitor) => Result<T, string>,
  ): Promise<Result<T, ControlRefusal | string>> {
    const monitor = ownMonitor()
    return monitor === null ? fail(NO_ACCOUNT) : following(monitor, podId, () => request(monitor))
  }

  const creates = createControlCreates(ownMonitor, events, NO_ACCOUNT, by)

  const actions: ControlActions = {
    ...bindOperations<AccountOperations, keyof AccountOperations, ControlRefusal | string>(
      accountOperationNames,
      async (run) => {
        const monitor = ownMonitor()
        return monitor === null ? fail(NO_ACCOUNT) : await run(accountOperations(monitor, by))
      },
    ),
    ...creates.handlers,
    ...createQueueControlHandlers(host.queue),
    ...createApiHandlers({
      ownMonitor,
      act: withFollowed,
      waitForFirstPoll: (monitor) => waitForFirstPoll(monitor, clock),
      askInWindow: host.askInWindow?.bind(null, requester.accountId),
      noAccount: NO_ACCOUNT,
      person: requester.person,
      host,
    }),
    ...createGuardHandlers(ownMonitor, NO_ACCOUNT),
    async account() {
      const monitor = ownMonitor()
      if (monitor === null) return fail(NO_ACCOUNT)
      await waitForPoll(monitor, clock)
      return ok(toControlledView(monitor.snapshot(), host))
    },
    async snapshot() {
      const monitor = ownMonitor()
      if (monitor === null) return fail(NO_ACCOUNT)
      await waitForPoll(monitor, clock)
      return ok(serializeSnapshot(monitor.snapshot()))
    },
    act: (podId, action, isImmediate) =>
      withFollowed(podId, (monitor) => accountOperations(monitor, by).act(podId, action, isImmediate)),
    startWhenFree: (podId) =>
      withFollowed(podId, (monitor) => accountOperations(monitor, by).startWhenFree(podId)),

    async askConfirmation(podId, purpose) {
      if (ownMonitor() === null) return fail(NO_ACCOUNT)
      const requested = await prompt.request(podId, purpose)
      if (!requested.ok)
        return fail({ code: isPodUnreadable ? 'unreachable' : 'failed', message: requested.error })
      const view = prompt.view()
      if (view === null) return fail('The pod changed while you were being asked.')
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

    settings: async () => ok(host.settings()),
    changeSetting,
    resetSetting: (name) => changeSetting(name, undefined),
    applyConfig: async (change) => host.applyConfig(change),
  }

  async function changeSetting(
    name: string,
    value: SettingValue | undefined,
  ): Promise<Result<void, ControlRefusal | string>> {
    if (isSettingName(name) && changedIn(name) === 'own-window')
      return fail({
        code: 'failed',
        message:
          name === 'editorCommand'
            ? 'What the app starts can only be set in the app. For one start, use podkeeper open --with.'
            : 'The Runpod API address decides where your key is sent, so it can only be set in the app.',
      })
    return await host.changeSetting(name, value)
  }

  return {
    handlers: toHandlers(withPersonRecorded(actions, requester, { ...host, monitor: ownMonitor })),
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

/** Whoever asked shows the question. */
const NO_WINDOW = { show: () => {}, close: () => {} }

const isOlderThan = (ageMs: number, then: Instant, now: Instant): boolean =>
  now.monotonicMs - then.monotonicMs > ageMs || Math.abs(now.wallMs - then.wallMs) > ageMs

const waitForFirstPoll = async (monitor: Monitor, clock: Clock): Promise<void> => {
  if (monitor.snapshot().connection.kind === 'connecting') await waitForPoll(monitor, clock)
}

/** All results pass here, on their way over the socket or to a command in the same process. */
function toHandlers(actions: ControlActions): ControlHandlers {
  const converted = Object.entries(actions).map(([name, act]) => {
    const run = act as (...args: readonly unknown[]) => Promise<Result<unknown, ControlRefusal | string>>
    return [
      name,
      async (...args: readonly unknown[]): Promise<Result<unknown, ControlRefusal>> => {
        const result = await run(...args)
        if (result.ok) return result
        const { error } = result
        return fail(typeof error === 'string' ? { code: 'failed', message: error } : error)
      },
    ] as const
  })
  return Object.fromEntries(converted) as unknown as ControlHandlers
}
