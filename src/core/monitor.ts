import { createGuard, type GuardRequests } from './guard/account-guard'
import { type ActionRequests, createActionRequests } from './intents/action-requests'
import { emptyAuditLog } from './audit-log/audit-log'
import { createAuditRecorder } from './audit-log/audit-recorder'
import { type AccountAlerts, createAccountAlerts } from './alerts/account-alerts'
import { balanceRunwayMs, createBalancePoller } from './money/balance'
import { type ConfirmedActions, createConfirmedActions } from './confirmation/confirmed-actions'
import { formatDuration } from './base/format'
import type { ProviderError, RequestStamp } from './pods/provider'
import { createFleet, type PodHistory } from './polling/fleet'
import { createIntentRunner } from './intents/intent-runner'
import type { Intent } from './intents/intent'
import {
  type ConnectionState,
  type ConnectionView,
  initialConnection,
  liveConnection,
  nextPollDelayMs,
  toConnectionView,
  withFailure,
} from './polling/connection'
import { createPoller } from './polling/poller'
import type { MonitorOptions } from './monitor-options'
import type { CostsView } from './money/costs/costs-view'
import { createCostTracker } from './money/costs/cost-tracker'
import type { Pod, PodId } from './pods/pod'
import type { Result } from './base/result'
import { activityRulesOf, intentRulesOf } from './settings/settings'
import type { Snapshot } from './view/snapshot'
import { createSnapshotPublisher } from './view/snapshot-publisher'
import { type BurnRate, burnRate } from './money/burn-rate'
import { SECOND_MS } from './base/time'
import { createPollLoop, type Poll } from './polling/poll-loop'
import { isIdleForLong, toPodViews } from './view/pod-view'

/** Watches one account: observe → decide → act → publish, turn after turn. Knows nothing of windows. */
export interface Monitor
  extends ActionRequests, Omit<GuardRequests, 'terminateAtMaxHours'>, ConfirmedActions {
  readonly onTerminalEvent: AccountAlerts['onTerminalEvent']
  start(): void
  /** Ends it for good, at once. */
  dispose(): void
  /** Sends nothing any more, and ends it once what was sent is answered and written down. */
  shutDown(): Promise<void>
  snapshot(): Snapshot
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** What a month ("2026-11"; null: the current one) cost; null: it is not counted. */
  costs(month: string | null): CostsView | null
  /** Calls back after changes, at most once per task; returns what unsubscribes. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Asks for a turn now; during one, for another after it. */
  refresh(): void
  /** Something that the picture shows and the provider does not know has changed. */
  republish(): void
  /** Takes up intents of another process, which acted for this account until now. */
  adopt(intents: readonly Intent[]): void
  /** The machine goes to sleep: ends the reads in flight and waits. */
  suspend(): void
  resume(): void
  /** Somebody is back: looks soon. */
  wake(): void
  /** See `TurnLoop.look`. */
  checkWatchdog(): void
}

/** The notice that the watch had stopped: only the last one is kept. */
const RESTART_NOTICE_ID = 'revival'

export function createMonitor(options: MonitorOptions): Monitor {
  const { account, provider, clock, settings, random, notices, report } = options
  const fleet = createFleet(() => activityRulesOf(settings()), options.hasTerminalInput)
  let connection: ConnectionState = initialConnection
  let isMonitorOnly = false

  const intentRunner = createIntentRunner({
    ...options,
    accountId: account.id,
    rules: () => intentRulesOf(settings()),
    pollPod: (podId) => poller.pollPod(podId),
    stampRequest: (at) => fleet.stampRequest(at),
    onReply: handleReply,
    onChange: handleIntentChange,
  })
  const auditRecorder = createAuditRecorder(options.auditLog, account.id, clock)
  const actions = createActionRequests((podId) => fleet.pod(podId), intentRunner)
  const poller = createPoller(provider, clock, fleet, intentRunner, (result) => money.record(result))
  const balanceWatch = createBalancePoller(provider, clock, publish)
  const money = createCostTracker({
    accountId: account.id,
    provider,
    clock,
    settings,
    report,
    ledgerFiles: options.ledgerFiles,
    accountRules: options.accountRules,
    earlierIntents: options.earlierIntents,
    auditLog: options.auditLog,
    isLive: () => connection.state.kind === 'live',
    onChange: publish,
  })

  const alerts = createAccountAlerts({
    ...options,
    accountId: account.id,
    log: options.auditLog,
    isActive: options.mayAnnounce,
    arePaused: () => options.alertsPausedUntilMs() !== null,
    areRulesArmed: () => guard.isAutoStopOn(),
    onChange: publish,
  })

  const guard = createGuard({
    ...options,
    accountId: account.id,
    store: options.accountRules,
    log: options.auditLog,
    fleet,
    intentRunner,
    deliveries: alerts,
    pollPod: (podId) => poller.pollPod(podId),
    canKeyWrite: () => !isMonitorOnly,
    isActive: options.mayAnnounce,
    confirmedSpendUsd: money.confirmedSpendUsd,
    stop: (podId) => actions.act(podId, 'stop'),
    onChange() {
      publish()
      pollLoop.refresh()
    },
  })

  const pollLoop = createPollLoop({
    clock,
    random,
    poll: poll,
    nextDelayMs() {
      const [hasOpenIntent, hasActivePod] = [intentRunner.hasActiveIntent(), fleet.hasActivePod()]
      const conditions = { hasOpenIntent, hasActivePod, minIntervalMs: provider.minPollIntervalMs() }
      return nextPollDelayMs(connection, clock.now(), conditions, settings(), random)
    },
    onError(cause) {
      report('A turn failed', cause)
      const message = `Podkeeper stumbled over an answer: ${cause instanceof Error ? cause.message : String(cause)}`
      handleFailure({ kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null })
    },
    onPollEnd: publish,
    onRestart: handleLoopRestart,
    report,
  })

  function publish(): void {
    if (pollLoop.isDisposed()) return
    // Of several connection states within one task the windows show the last one; the log holds them all.
    auditRecorder.recordConnection(connectionView())
    publisher.publish()
  }

  const connectionView = (): ConnectionView => toConnectionView(connection, pollLoop.nextPollAtMs())

  const currentBurnRate = (): BurnRate => money.withVolumes(burnRate(fleet.pods()))

  function drawSnapshot(revision: number): Snapshot {
    const now = clock.now()
    const pods = toPodViews(fleet.observedPods(now), intentRunner, guard.podStates(), now.wallMs)
    const burn = currentBurnRate()
    return {
      revision,
      atMs: now.wallMs,
      account: { ...account, isMonitorOnly },
      connection: connectionView(),
      listedAtMs: fleet.listedAtMs(),
      isListPartial: fleet.isListPartial(),
      pods,
      gonePods: fleet.gonePods(now),
      burn,
      money: money.view(fleet.pods(), burn),
      balance: balanceWatch.view(),
      runwayMs: balanceRunwayMs(balanceWatch.view(), burn),
      alertsPausedUntilMs: options.alertsPausedUntilMs(),
      auditLog: emptyAuditLog,
      guard: guard.accountView(),
      quota: provider.remainingQuota?.() ?? null,
      idleCount: pods.filter(isIdleForLong).length,
      notices: notices.all(),
      areNotificationsFailing: alerts.areNotificationsFailing(),
    }
  }

  async function poll(current: Poll): Promise<void> {
    const polled = await poller.pollAll(current)
    if (polled === null) return
    if (!polled.ok) {
      handleFailure(polled.error)
      return
    }
    connection = liveConnection
    const now = clock.now()
    const moneyAlerts = money.alerts(
      balanceWatch.view(),
      balanceRunwayMs(balanceWatch.view(), currentBurnRate()),
    )
    alerts.onPoll(fleet.pods(), fleet.gonePods(now), [...guard.evaluate(), ...moneyAlerts])
    await guard.act(current)
    balanceWatch
      .read(settings().pollBalanceS * SECOND_MS)
      .catch((cause: unknown) => report('The balance could not be read', cause))
  }

  function handleFailure(error: ProviderError): void {
    connection = withFailure(connection, error, clock.now(), settings())
    alerts.onPollFailed(connectionView())
  }

  function handleReply(reply: Result<Pod | null, ProviderError>, request: RequestStamp): void {
    if (pollLoop.isDisposed()) return
    if (!reply.ok && reply.error.kind === 'forbidden') isMonitorOnly = true
    if (reply.ok && reply.value !== null && fleet.applyPod(reply.value, request))
      intentRunner.observe(reply.value.id, reply.value, request.at)
    publish()
    pollLoop.refresh()
  }

  function handleIntentChange(intent: Intent): void {
    auditRecorder.recordIntent(intent)
    const { id, podId, message, phaseAt } = intent
    if (message !== null && intent.phase === 'cancelled')
      notices.add({ id, podId, text: message, atMs: phaseAt.wallMs }, 'account')
    alerts.onIntentChange(intent)
    guard.onIntentChange(intent)
    money.onIntentChange(intent)
    publish()
  }

  /** Nothing that the watch missed may pass in silence. */
  function handleLoopRestart(silentMs: number): void {
    const text = `Podkeeper's watch had stopped for ${formatDuration(silentMs)} and was started again.`
    report(text)
    notices.add({ id: RESTART_NOTICE_ID, podId: null, text, atMs: clock.now().wallMs }, 'account')
    intentRunner.resume()
    publish()
  }

  const stopListening = notices.onChange(publish)

  function dispose(): void {
    stopListening()
    publisher.dispose()
    pollLoop.dispose()
    intentRunner.dispose()
    money.dispose()
    provider.abortReads()
  }

  const confirmed = createConfirmedActions({
    accountId: account.id,
    fleet,
    intentRunner,
    log: options.auditLog,
    clock,
    poller,
    rulesEditor: guard.requests,
  })

  const publisher = createSnapshotPublisher({ clock, draw: drawSnapshot, report })
  return {
    ...actions,
    ...guard.requests,
    ...confirmed,
    onTerminalEvent: alerts.onTerminalEvent,
    start() {
      intentRunner.start()
      pollLoop.start()
    },
    dispose,
    async shutDown() {
      await intentRunner.shutDown()
      dispose()
    },
    snapshot: publisher.snapshot,
    histories: (podIds) => fleet.histories(podIds, clock.now()),
    costs: (month) => money.costs(month),
    subscribe: publisher.subscribe,
    refresh: pollLoop.refresh,
    republish: publish,
    adopt(intents) {
      intentRunner.adopt(intents)
      pollLoop.refresh()
    },
    suspend() {
      intentRunner.suspend()
      money.save()
      if (pollLoop.suspend()) provider.abortReads()
    },
    resume() {
      if (pollLoop.resume()) intentRunner.resume()
    },
    wake: pollLoop.wake,
    checkWatchdog() {
      pollLoop.checkWatchdog()
      alerts.repeatConnectionAlert(connectionView())
    },
  }
}
