import { endOfIntentAlert } from './alert-text'
import { createAnnouncer } from './announcer'
import { createBalanceWatch, runwayOf } from './balance'
import { formatDuration } from './format'
import type { Request } from './fleet'
import { createFleet } from './fleet'
import { createIntentDesk } from './intent-desk'
import type { Intent, IntentAction } from './intents'
import type { Link } from './link'
import { connectionOf, liveLink, newLink, nextDelayMs, withFailure } from './link'
import type { MonitorOptions } from './monitor-options'
import type { CostsView } from './money/costs-view'
import { watchMoney } from './money/money-watch'
import { createNotices } from './notices'
import type { Pod, PodId } from './pod'
import { decide } from './policy'
import type { ProviderError } from './ports'
import type { Result } from './result'
import { fail, ok } from './result'
import { activityRulesOf, intentRulesOf } from './settings'
import type { PodHistory, Snapshot } from './snapshot'
import { burnRate } from './spend'
import { MINUTE_MS, SECOND_MS } from './time'
import type { Turn } from './turn-loop'
import { createTurnLoop } from './turn-loop'
import { canDo, viewOfPod } from './view'

/** Watches one account: observe → decide → act → publish, turn after turn. Knows nothing of windows. */
export interface Monitor {
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
  /** Schedules the action; what was asked is on disk when this returns ok. */
  act(podId: PodId, action: IntentAction): Result<void, string>
  undo(intentId: string): Result<void, string>
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

/** At most so many single reads in one turn, to spare the quota. */
const CONFIRM_AT_ONCE = 10

/** The notice that the watch had stopped: only the last one is kept. */
const REVIVAL = 'revival'

export function createMonitor(options: MonitorOptions): Monitor {
  const { account, provider, clock, settings, random, report } = options
  const fleet = createFleet(() => activityRulesOf(settings()))
  const alertAfterMs = (): number => settings().idleAlertAfterMin * MINUTE_MS
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let link: Link = newLink
  let isMonitorOnly = false
  const notices = createNotices(options.openingNotices, clock.now().wallMs)
  let revision = 0
  let current: Snapshot

  const desk = createIntentDesk({
    accountId: account.id,
    provider,
    clock,
    journal: options.journal,
    newId: options.newId,
    rules: () => intentRulesOf(settings()),
    earlier: options.earlier,
    lookAt,
    request: (at) => fleet.request(at),
    onReply: handleReply,
    onChange: handleIntentChange,
  })

  const balance = createBalanceWatch(provider, clock, publish)

  const money = watchMoney(options, () => link.state.kind === 'live', publish)

  const announcer = createAnnouncer({
    notifier: options.notifier,
    marks: options.marks,
    idleAlertEveryMs: () => settings().idleAlertEveryMin * MINUTE_MS,
    areAlertsPaused: () => options.alertsPausedUntilMs() !== null,
    report,
  })

  const loop = createTurnLoop({
    clock,
    random,
    turn: observe,
    nextDelayMs() {
      const pace = {
        hasOpenIntent: desk.openPods().length > 0,
        hasActivePod: fleet.hasActivePod(),
        spacingMs: provider.pollSpacingMs(),
      }
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
      for (const listener of listeners) listener(current)
    } catch (cause) {
      // What was asked for, or seen, goes on without being shown.
      report('The picture could not be shown', cause)
    }
  }

  function draw(): Snapshot {
    const now = clock.now()
    const seen = fleet.seenAt(now)
    const pods = seen.map((one) =>
      viewOfPod({ ...one, intent: desk.intentOf(one.pod.id) }, now.wallMs, alertAfterMs()),
    )
    const podsSeen = seen.map(({ pod }) => pod)
    const burn = money.withVolumes(burnRate(podsSeen))
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
      money: money.view(podsSeen, burn),
      balance: balance.view(),
      runwayMs: runwayOf(balance.view(), burn),
      alertsPausedUntilMs: options.alertsPausedUntilMs(),
      guard: { autoStop: 'undecided', areAutoStopsPaused: false, isDryRun: false },
      quota: provider.quotaLeft?.() ?? null,
      idleCount: pods.filter(
        (pod) => pod.activity.kind === 'idle' && pod.activity.idleForMs >= alertAfterMs(),
      ).length,
      notices: notices.all(),
    }
  }

  async function observe({ isCurrent, stir }: Turn): Promise<void> {
    const request = fleet.request(clock.now())
    const list = await provider.listPods()
    if (!isCurrent()) return
    stir()
    if (!list.ok) {
      handleFailure(list.error)
      return
    }
    link = liveLink
    const shown = fleet.takeList(list.value, request)
    money.look({ at: request.at, shown, seen: fleet.seenAt(request.at), isComplete: list.value.isComplete })
    for (const pod of shown) desk.look(pod.id, pod, request.at)
    // An open action whose pod the list did not show would wait for ever.
    const unseen = desk.openPods().filter((podId) => !shown.some(({ id }) => id === podId))
    const toRead = [...new Set([...unseen, ...fleet.toConfirm()])].slice(0, CONFIRM_AT_ONCE)
    for (const podId of toRead) {
      stir()
      await lookAt(podId)
      if (!isCurrent()) return
    }
    const now = clock.now()
    announcer.announce(
      decide(account.id, fleet.seenAt(now), { idleAlertAfterMs: alertAfterMs() }),
      now.wallMs,
    )
    balance
      .read(settings().pollBalanceS * SECOND_MS)
      .catch((cause: unknown) => report('The balance could not be read', cause))
  }

  async function lookAt(podId: PodId): Promise<Result<Pod | null, ProviderError>> {
    const request = fleet.request(clock.now())
    const seen = await provider.getPod(podId)
    if (seen.ok) {
      if (fleet.takePod(seen.value, request) || !fleet.pod(podId)) desk.look(podId, seen.value, request.at)
      return seen
    }
    if (seen.error.kind !== 'not-found') return seen
    fleet.takeGone(podId, request)
    if (!fleet.pod(podId)) desk.look(podId, null, request.at)
    return ok(null)
  }

  function handleFailure(error: ProviderError): void {
    link = withFailure(link, error, clock.now(), settings())
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
    const { id, podId, message, phaseAt } = intent
    if (message !== null && intent.phase === 'cancelled') notices.add(id, podId, message, phaseAt.wallMs)
    const alert = endOfIntentAlert(intent)
    if (alert) announcer.tell(alert)
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

  current = draw()
  return {
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
    act(podId, action) {
      const pod = fleet.pod(podId)
      if (!pod) return fail('That pod is not in the list any more.')
      if (!canDo(pod, action)) return fail(`${pod.name} does not allow ${action} now.`)
      const scheduled = desk.schedule(pod, action)
      return scheduled.ok ? ok(undefined) : scheduled
    },
    undo: (intentId) => desk.undo(intentId),
    adopt(intents) {
      desk.adopt(intents)
      loop.refresh()
    },
    dismissNotice(noticeId) {
      notices.dismiss(noticeId)
      publish()
    },
    suspend() {
      money.save()
      if (loop.suspend()) provider.abortReads()
    },
    resume() {
      if (loop.resume()) desk.resume()
    },
    wake: loop.wake,
    look: loop.look,
  }
}
