import { createGuard, type GuardRequests } from './guard/account-guard'
import { type ActionRequests, createActionRequests } from './intents/action-requests'
import { noActivity } from './audit-log/audit-log'
import { createActivityRecorder } from './audit-log/audit-recorder'
import { type AlertDesk, createAlertDesk } from './alerts/account-alerts'
import { createBalanceWatch, runwayOf } from './money/balance'
import { type ConfirmedActions, createConfirmedActions } from './confirmation/confirmed-actions'
import { formatDuration } from './base/format'
import type { ProviderError, Request } from './pods/provider'
import { createFleet, type PodHistory } from './polling/fleet'
import { createIntentDesk } from './intents/intent-runner'
import type { Intent } from './intents/intent'
import { connectionOf, type Link, liveLink, newLink, nextDelayMs, withFailure } from './polling/connection'
import { createLookout } from './polling/poller'
import type { MonitorOptions } from './monitor-options'
import type { CostsView } from './money/costs/costs-view'
import { watchMoney } from './money/costs/cost-tracker'
import { createNotices } from './view/notices'
import type { Pod, PodId } from './pods/pod'
import type { Result } from './base/result'
import { activityRulesOf, intentRulesOf } from './settings/settings'
import type { Snapshot } from './view/snapshot'
import { type BurnRate, burnRate } from './money/burn-rate'
import { SECOND_MS } from './base/time'
import { createTurnLoop, type Turn } from './polling/poll-loop'
import { isIdleForLong, viewOfPods } from './view/pod-view'

/** Watches one account: observe → decide → act → publish, turn after turn. Knows nothing of windows. */
export interface Monitor
  extends ActionRequests, Omit<GuardRequests, 'terminateAtMaxHours'>, ConfirmedActions {
  readonly noteTerminal: AlertDesk['noteTerminal']
  start(): void
  /** Ends it for good, at once. */
  dispose(): void
  /** Sends nothing any more, and ends it once what was sent is answered and written down. */
  end(): Promise<void>
  snapshot(): Snapshot
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** What a month ("2026-11"; null: the current one) cost; null: it is not counted. */
  costs(month: string | null): CostsView | null
  /** Calls back after every change; returns what unsubscribes. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Asks for a turn now; during one, for another after it. */
  refresh(): void
  /** Something that the picture shows and the provider does not know has changed. */
  redraw(): void
  /** Takes up intents of another process, which acted for this account until now. */
  adopt(intents: readonly Intent[]): void
  dismissNotice(noticeId: string): void
  /** The machine goes to sleep: ends the reads in flight and waits. */
  suspend(): void
  resume(): void
  /** Somebody is back: looks soon. */
  wake(): void
  /** See `TurnLoop.look`. */
  look(): void
}

/** The notice that the watch had stopped: only the last one is kept. */
const REVIVAL = 'revival'

export function createMonitor(options: MonitorOptions): Monitor {
  const { account, provider, clock, settings, random, report } = options
  const fleet = createFleet(() => activityRulesOf(settings()), options.hasTerminalInput)
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let link: Link = newLink
  let isMonitorOnly = false
  const notices = createNotices(options.openingNotices, clock.now().wallMs)
  let revision = 0
  let current: Snapshot

  const desk = createIntentDesk({
    ...options,
    accountId: account.id,
    rules: () => intentRulesOf(settings()),
    lookAt: (podId) => lookout.lookAt(podId),
    request: (at) => fleet.request(at),
    onReply: handleReply,
    onChange: handleIntentChange,
  })
  const recorder = createActivityRecorder(options.activityLog, account.id, clock)
  const actions = createActionRequests((podId) => fleet.pod(podId), desk)
  const lookout = createLookout(provider, clock, fleet, desk, (look) => money.look(look))
  const balance = createBalanceWatch(provider, clock, publish)
  const money = watchMoney({
    provider,
    clock,
    settings,
    report,
    guards: options.guards,
    earlier: options.earlier,
    accountId: account.id,
    files: options.ledgerFiles,
    activity: options.activityLog,
    isLive: () => link.state.kind === 'live',
    onChange: publish,
  })

  const alerts = createAlertDesk({
    ...options,
    accountId: account.id,
    log: options.activityLog,
    isActing: options.mayAnnounce,
    arePaused: () => options.alertsPausedUntilMs() !== null,
    areRulesArmed: () => guard.isArmed(),
    onChange: publish,
  })

  const guard = createGuard({
    ...options,
    accountId: account.id,
    store: options.guards,
    log: options.activityLog,
    fleet,
    desk,
    deliveries: alerts,
    lookAt: (podId) => lookout.lookAt(podId),
    mayKeyAct: () => !isMonitorOnly,
    isActing: options.mayAnnounce,
    spentUsd: money.spentUsd,
    stop: (podId) => actions.act(podId, 'stop'),
    onChange() {
      publish()
      loop.refresh()
    },
  })

  const loop = createTurnLoop({
    clock,
    random,
    turn: observe,
    nextDelayMs() {
      const [hasOpenIntent, hasActivePod] = [desk.isBusy(), fleet.hasActivePod()]
      const pace = { hasOpenIntent, hasActivePod, spacingMs: provider.pollSpacingMs() }
      return nextDelayMs(link, clock.now(), pace, settings(), random)
    },
    onError(cause) {
      report('A turn failed', cause)
      const message = `Podkeeper stumbled over an answer: ${cause instanceof Error ? cause.message : String(cause)}`
      handleFailure({ kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null })
    },
    onTurnEnd: publish,
    onRevival: handleRevival,
    report,
  })

  function publish(): void {
    if (loop.isDisposed()) return
    try {
      revision += 1
      current = draw()
      recorder.connection(current.connection)
      for (const listener of listeners) listener(current)
    } catch (cause) {
      // What was asked for, or seen, goes on without being shown.
      report('The picture could not be shown', cause)
    }
  }

  const burnNow = (): BurnRate => money.withVolumes(burnRate(fleet.pods()))

  function draw(): Snapshot {
    const now = clock.now()
    const pods = viewOfPods(fleet.seenAt(now), desk, guard.draw(), now.wallMs)
    const burn = burnNow()
    return {
      revision,
      atMs: now.wallMs,
      account: { ...account, isMonitorOnly },
      connection: connectionOf(link, loop.nextAtMs()),
      pictureAtMs: fleet.listAtMs(),
      isPicturePartial: fleet.isPartial(),
      pods,
      tombstones: fleet.tombstones(now),
      burn,
      money: money.view(fleet.pods(), burn),
      balance: balance.view(),
      runwayMs: runwayOf(balance.view(), burn),
      alertsPausedUntilMs: options.alertsPausedUntilMs(),
      activity: noActivity,
      guard: guard.accountView(),
      quota: provider.quotaLeft?.() ?? null,
      idleCount: pods.filter(isIdleForLong).length,
      notices: notices.all(),
      areNotificationsFailing: alerts.areNotificationsFailing(),
    }
  }

  async function observe(turn: Turn): Promise<void> {
    const looked = await lookout.lookAround(turn)
    if (looked === null) return
    if (!looked.ok) {
      handleFailure(looked.error)
      return
    }
    link = liveLink
    const now = clock.now()
    const ofMoney = money.announcements(balance.view(), runwayOf(balance.view(), burnNow()))
    alerts.look(fleet.pods(), fleet.tombstones(now), [...guard.look(), ...ofMoney])
    await guard.act(turn)
    balance
      .read(settings().pollBalanceS * SECOND_MS)
      .catch((cause: unknown) => report('The balance could not be read', cause))
  }

  function handleFailure(error: ProviderError): void {
    link = withFailure(link, error, clock.now(), settings())
    alerts.miss(connectionOf(link, loop.nextAtMs()))
  }

  function handleReply(reply: Result<Pod | null, ProviderError>, request: Request): void {
    if (loop.isDisposed()) return
    if (!reply.ok && reply.error.kind === 'forbidden') isMonitorOnly = true
    if (reply.ok && reply.value !== null && fleet.takePod(reply.value, request))
      desk.look(reply.value.id, reply.value, request.at)
    publish()
    loop.refresh()
  }

  function handleIntentChange(intent: Intent): void {
    recorder.intent(intent)
    const { id, podId, message, phaseAt } = intent
    if (message !== null && intent.phase === 'cancelled') notices.add(id, podId, message, phaseAt.wallMs)
    alerts.takeIntent(intent)
    guard.takeIntent(intent)
    money.takeIntent(intent)
    publish()
  }

  /** Nothing that the watch missed may pass in silence. */
  function handleRevival(silentMs: number): void {
    const text = `Podkeeper's watch had stopped for ${formatDuration(silentMs)} and was started again.`
    report(text)
    notices.add(REVIVAL, null, text, clock.now().wallMs)
    desk.resume()
    publish()
  }

  function dispose(): void {
    loop.dispose()
    desk.dispose()
    money.dispose()
    provider.abortReads()
    listeners.clear()
  }

  const confirmed = createConfirmedActions({
    accountId: account.id,
    fleet,
    desk,
    log: options.activityLog,
    clock,
    lookout,
    orders: guard.requests,
  })

  current = draw()
  return {
    ...actions,
    ...guard.requests,
    ...confirmed,
    noteTerminal: alerts.noteTerminal,
    start() {
      desk.start()
      loop.start()
    },
    dispose,
    async end() {
      await desk.end()
      dispose()
    },
    snapshot: () => current,
    histories: (podIds) => fleet.histories(podIds, clock.now()),
    costs: (month) => money.costs(month),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: loop.refresh,
    redraw: publish,
    adopt(intents) {
      desk.adopt(intents)
      loop.refresh()
    },
    dismissNotice(noticeId) {
      notices.dismiss(noticeId)
      publish()
    },
    suspend() {
      desk.suspend()
      money.save()
      if (loop.suspend()) provider.abortReads()
    },
    resume() {
      if (loop.resume()) desk.resume()
    },
    wake: loop.wake,
    look() {
      loop.look()
      alerts.again(connectionOf(link, loop.nextAtMs()))
    },
  }
}
