import { serviceNameOf } from '../pods/labs/service-name'
import { createActionRequests } from '../intents/action-requests'
import { createAuditRecorder } from '../audit-log/audit-recorder'
import type { PendingAlert } from '../alerts/alert'
import { accountHistory } from '../alerts/alert-history'
import { createAccountAlerts } from '../alerts/account-alerts'
import { createAccountPollers } from '../money/account-pollers'
import { createMonitorGuard } from './monitor-guard'
import { createEndpointPoller } from '../endpoints/endpoint-poller'
import { createMonitorCreation } from './monitor-creation'
import {
  createMonitorCleanUp,
  createMonitorContainers,
  createMonitorFleet,
  createMonitorPlannedStarts,
  createMonitorRecognition,
} from './monitor-parts'
import { createConfirmedActions } from '../confirmation/confirmed-actions'
import { createListeners } from '../base/listeners'
import { type ProviderError, type RequestStamp, unreadableError } from '../pods/provider'
import { errorText } from '../base/text/error-text'
import { createIntentRunner } from '../intents/intent-runner'
import type { Intent } from '../intents/intent'
import { unknownPermission, withIntentChange, type WritePermission } from '../intents/write-permission'
import { createConnectionTracker } from '../polling/connection-tracker'
import { createPoller } from '../polling/poller'
import type { Monitor, MonitorOptions } from './monitor-types'
import { createFailsafeCostTracker } from '../money/costs/failsafe-cost-tracker'
import type { Pod, PodId } from '../pods/pod'
import type { Result } from '../base/result'
import { intentRulesOf } from '../settings/settings'
import { createMonitorPublisher } from './monitor-publisher'
import { createOutsideStopCauses } from '../polling/outside-stop'
import { createPollLoop, type Poll } from '../polling/poll-loop'
import { hasArmedPod, hasIdlePod } from '../view/pod-view'
import { createSharedAccount } from './shared-account'
import { createAccountNotices } from '../view/account-notices'

export function createMonitor(options: MonitorOptions): Monitor {
  const { account, provider, clock, settings, random, notices, report, auditLog } = options
  const accountId = account.id
  const alertHistory = accountHistory(options.alertHistory, accountId)
  const fleet = createMonitorFleet(options, () => ({ guard, containers }))
  const own = { ...options, accountId, alertHistory }
  const shared = createSharedAccount(own, fleet, () => !pollLoop.isDisposed() && !connection.isRefused())
  const context = { ...own, accountRules: shared.accountRules }
  const intentListeners = createListeners<[Intent]>()
  let permission: WritePermission = unknownPermission
  const intentRunner = createIntentRunner(context, {
    rules: () => intentRulesOf(settings()),
    pollPod: (podId) => poller.pollPod(podId),
    stampRequest: (at) => fleet.stampRequest(at),
    onReply: handleReply,
    onChange: handleIntentChange,
  })
  const accountNotices = createAccountNotices(accountId, notices, clock)
  const auditRecorder = createAuditRecorder(auditLog, accountId, clock, serviceNameOf(provider))
  const actions = createActionRequests((podId) => fleet.pod(podId), intentRunner)
  const containers = createMonitorContainers(options, () => ({ fleet, pollers, creation, guard }))
  const poller = createPoller(provider, clock, fleet, intentRunner, (result) => {
    containers.onList(result)
    money.record(shared.ownPart(result))
    creation.observe({ pods: result.listed, isComplete: result.isComplete, at: result.at })
    recognition.onList(result)
    options.recordUsage?.(result)
  })
  const money = createFailsafeCostTracker(context, options.ledgerFiles, {
    pollSpacingMs: () => fleet.spacingMs(clock.now()),
    isLive: () => connection.isLive(),
    onChange: publish,
    onProblem: (text) => accountNotices.add(`costs ${accountId}: ${text}`, text),
  })
  const pollers = createAccountPollers(options, shared, money, publish)

  const endpoints = createEndpointPoller(context, publish)

  const alerts = createAccountAlerts(context, {
    arePaused: () => options.alertsPausedUntilMs() !== null,
    areRulesArmed: () => guard.isAutoStopOn(),
    permission: () => permission,
    intents: () => intentRunner.intents(),
    stopCauses: createOutsideStopCauses(
      provider,
      () => pollers.balance.knownUsd(),
      () => pollLoop.refresh(),
    ),
    ownAlerts: shared.ownAlerts,
    containers,
    pollSpacingMs: () => fleet.spacingMs(clock.now()),
    onChange: publish,
  })

  const common = {
    fleet,
    intentRunner,
    actions,
    shared,
    money,
    isWatchedElsewhere: shared.isWatchedElsewhere,
    isLive: () => connection.isLive(),
    connection: () => connectionView(),
    permission: () => permission,
    pollPod: (podId: PodId) => poller.pollPod(podId),
    announce: (alert: PendingAlert) => alerts.announce(alert),
  }
  const guard = createMonitorGuard(context, {
    ...common,
    deliveries: alerts,
    confirmedSpendUsd: money.confirmedSpendUsd,
    earlierPods: money.earlierPods,
    areNotificationsFailing: () => alerts.areNotificationsFailing(),
    stop: (podId) => actions.act(podId, 'stop'),
    publish,
    onChange: () => pollLoop.refresh(),
  })
  const creation = createMonitorCreation(context, {
    ...common,
    expectVolumes: () => money.expectVolumes(),
    onMinimumZero: endpoints.onZeroed,
    rulesEditor: guard.requests,
    autoStopMode: () => guard.accountView().autoStop,
    addNotice: (id, text) => accountNotices.add(id, text),
    spending: () => publisher.snapshot(),
    onReply: handleReply,
    requestPoll: () => pollLoop.refresh(),
    onChange: publish,
  })
  const recognition = createMonitorRecognition(context, { ...common, creation, onChange: publish })
  const cleanUp = createMonitorCleanUp(context, { ...common, creation })
  const plannedStarts = createMonitorPlannedStarts(context, { ...common, trustedNowMs: guard.trustedNowMs })

  const connection = createConnectionTracker(context, fleet, {
    hasOpenIntent: () => intentRunner.hasActiveIntent() || creation.hasActive(),
    hasArmedPod: () => hasArmedPod(publisher.snapshot()),
  })

  const pollLoop = createPollLoop({
    clock,
    random,
    poll,
    nextDelayMs: () => connection.nextDelayMs(),
    onError(cause) {
      report('A poll failed', cause)
      handleFailure(unreadableError(`Podkeeper couldn’t process a response: ${errorText(cause)}`))
    },
    onPollEnd: publish,
    onRestart: handleLoopRestart,
    report,
    slot: options.pollSlot,
  })

  function publish(): void {
    if (pollLoop.isDisposed()) return
    // Of several connection states within one task the windows show the last one; the log holds them all.
    auditRecorder.recordConnection(connectionView())
    publisher.publish()
  }

  const connectionView = () => connection.view(pollLoop.nextPollAtMs())

  async function poll(current: Poll): Promise<boolean> {
    const polled = await poller.pollAll(current)
    if (polled === null) return true
    if (!polled.ok) {
      handleFailure(polled.error)
      return false
    }
    connection.onSuccess()
    const moneyAlerts = money.alerts(pollers.balance.view(), pollers.balance.runwayMs())
    const otherAlerts = [
      ...guard.evaluate(),
      ...moneyAlerts,
      ...pollers.diskAlerts(),
      ...recognition.alerts(),
      ...cleanUp.alerts(),
      ...endpoints.alerts(),
    ]
    alerts.onPoll(fleet.pods(), fleet.gonePods(clock.now()), otherAlerts, guard.standingWarnings())
    await guard.act(current)
    plannedStarts.onPoll()
    pollers.read(hasIdlePod(publisher.snapshot()))
    void endpoints.read()
    return true
  }

  function handleFailure(error: ProviderError): void {
    connection.onFailure(error)
    alerts.onPollFailed(connectionView(), error.retryAfterMs ?? 0)
    guard.judge().forEach((alert) => alerts.announce(alert))
  }

  function handleReply(reply: Result<Pod | null, ProviderError>, request: RequestStamp): void {
    if (pollLoop.isDisposed()) return
    if (reply.ok && reply.value !== null && fleet.applyPod(reply.value, request))
      intentRunner.observe(reply.value.id, reply.value, request.at)
    publish()
    pollLoop.refresh()
  }

  function handleIntentChange(intent: Intent): void {
    permission = withIntentChange(permission, intent, clock.now())
    auditRecorder.recordIntent(intent)
    accountNotices.addIntent(intent)
    alerts.onIntentChange(intent)
    guard.onIntentChange(intent)
    money.onIntentChange(intent)
    intentListeners.notify(intent)
    publish()
  }

  function handleLoopRestart(silentMs: number): void {
    report(accountNotices.addLoopRestart(silentMs))
    intentRunner.resume()
    creation.resume()
    publish()
  }

  const stopListening = notices.onChange(publish)
  function dispose(): void {
    stopListening()
    for (const part of [pollers, endpoints, publisher, pollLoop, intentRunner, creation, money, guard])
      part.dispose()
    provider.abortReads()
  }

  const publisher = createMonitorPublisher(options, {
    ...common,
    containers,
    guard,
    pollers,
    creation,
    endpoints,
    alerts,
    recognition,
  })
  return {
    ...actions,
    ...guard.requests,
    ...creation.requests,
    ...pollers.diskRequests,
    ...recognition.requests,
    ...cleanUp.requests,
    ...createConfirmedActions(context, { fleet, intentRunner, poller, rulesEditor: guard.requests }),
    onTerminalEvent: alerts.onTerminalEvent,
    announce: common.announce,
    listing: shared.listing,
    start() {
      intentRunner.start()
      creation.start()
      pollLoop.start()
    },
    dispose,
    shutDown: () => Promise.all([intentRunner.shutDown(), creation.shutDown()]).then(dispose),
    snapshot: publisher.snapshot,
    histories: (podIds) => fleet.histories(podIds),
    addEarlierUsage: (podId, samples) => fleet.addEarlierUsage(podId, samples),
    costs: (month) => money.costs(month),
    podCost: money.podCost,
    subscribe: publisher.subscribe,
    onIntent: intentListeners.add,
    refresh() {
      pollers.expire()
      endpoints.expire()
      pollLoop.refresh()
    },
    republish: publish,
    adopt(intents, creates = []) {
      intentRunner.adopt(intents)
      creation.adopt(creates)
      pollLoop.refresh()
    },
    suspend() {
      intentRunner.suspend()
      money.save()
      if (pollLoop.suspend()) provider.abortReads()
    },
    resume() {
      if (!pollLoop.resume()) return
      intentRunner.resume()
      creation.resume()
    },
    wake: pollLoop.wake,
    pollProgress: pollLoop.progress,
    checkWatchdog() {
      pollLoop.checkWatchdog()
      alerts.onConnectionTick(connectionView())
      guard.judge().forEach((alert) => alerts.announce(alert))
    },
  }
}
