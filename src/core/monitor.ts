import { alertOf, endOfIntentAlert } from './alert-text'
import { announce } from './alerts'
import { createBalanceWatch } from './balance'
import type { Request } from './fleet'
import { createFleet } from './fleet'
import { createIntentDesk } from './intent-desk'
import type { Intent, IntentAction } from './intents'
import type { Link } from './link'
import { connectionOf, liveLink, newLink, nextDelayMs, withFailure } from './link'
import type { Pod, PodId } from './pod'
import { decide } from './policy'
import type { Clock, Journal, MarkStore, Notifier, Provider, ProviderError } from './ports'
import type { Result } from './result'
import { fail, ok } from './result'
import type { Settings } from './settings'
import { activityRulesOf, intentRulesOf } from './settings'
import type { AccountView, BalanceView, Notice, PodHistory, Snapshot } from './snapshot'
import type { BurnRate } from './spend'
import { burnRate, runwayMs } from './spend'
import { MINUTE_MS, SECOND_MS } from './time'
import { canDo, viewOfPod } from './view'

export interface MonitorOptions {
  readonly account: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly notifier: Notifier
  readonly marks: MarkStore
  /** Asked at each turn, so that a change holds from the next one on. */
  readonly settings: () => Settings
  /** Intents of this account from earlier runs, oldest first. */
  readonly earlier: readonly Intent[]
  /** What to say at the start: a journal that was damaged, settings that made no sense. */
  readonly openingNotices: readonly string[]
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly newId: () => string
}

/** Watches one account: observe → decide → act → publish, turn after turn. Knows nothing of windows. */
export interface Monitor {
  start(): void
  /** Ends it for good. */
  dispose(): void
  snapshot(): Snapshot
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** Calls back after every change; returns what unsubscribes. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Asks for a turn now; during one, for another after it. */
  refresh(): void
  /** Schedules the action; what was asked is on disk when this returns ok. */
  act(podId: PodId, action: IntentAction): Result<void, string>
  undo(intentId: string): Result<void, string>
  dismissNotice(noticeId: string): void
  /** The machine goes to sleep: ends the reads in flight and waits. */
  suspend(): void
  resume(): void
}

/** At most so many single reads in one turn, to spare the quota. */
const CONFIRM_AT_ONCE = 10

export function createMonitor(options: MonitorOptions): Monitor {
  const { account, provider, clock, settings, notifier, marks, random } = options
  const fleet = createFleet(() => activityRulesOf(settings()))
  const alertAfterMs = (): number => settings().idleAlertAfterMin * MINUTE_MS
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let link: Link = newLink
  let isMonitorOnly = false
  let notices: readonly Notice[] = options.openingNotices.map((text, index) => ({
    id: `opening-${index}`,
    atMs: clock.now().wallMs,
    podId: null,
    text,
  }))
  let revision = 0
  let state: 'new' | 'running' | 'asleep' | 'disposed' = 'new'
  let sleeps = 0
  let isInTurn = false
  let isTurnWanted = false
  let cancelNext = (): void => {}
  let nextTryAtMs = clock.now().wallMs
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

  function publish(): void {
    if (state === 'disposed') return
    revision += 1
    current = draw()
    for (const listener of listeners) listener(current)
  }

  function draw(): Snapshot {
    const now = clock.now()
    const seen = fleet.seenAt(now)
    const pods = seen.map((one) =>
      viewOfPod({ ...one, intent: desk.intentOf(one.pod.id) }, now.wallMs, alertAfterMs()),
    )
    const burn = burnRate(seen.map(({ pod }) => pod))
    return {
      revision,
      atMs: now.wallMs,
      account: { ...account, isMonitorOnly },
      connection: connectionOf(link, nextTryAtMs),
      pictureAtMs: fleet.listAtMs(),
      isPicturePartial: fleet.isPartial(),
      pods,
      tombstones: fleet.tombstones(now),
      burn,
      balance: balance.view(),
      runwayMs: runwayOf(balance.view(), burn),
      alertsPausedUntilMs: null,
      quota: provider.quotaLeft?.() ?? null,
      idleCount: pods.filter(
        (pod) => pod.activity.kind === 'idle' && pod.activity.idleForMs >= alertAfterMs(),
      ).length,
      notices,
    }
  }

  async function turn(): Promise<void> {
    if (state !== 'running') return
    if (isInTurn) {
      isTurnWanted = true
      return
    }
    isInTurn = true
    isTurnWanted = false
    cancelNext()
    // A turn that a sleep cut in two ends without a word: what it asked for is too old.
    const turnSleeps = sleeps
    const isCurrent = (): boolean => state === 'running' && sleeps === turnSleeps
    try {
      await observe(isCurrent)
    } catch (cause) {
      const message = `Podkeeper stumbled over an answer: ${cause instanceof Error ? cause.message : String(cause)}`
      handleFailure({ kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null })
    } finally {
      isInTurn = false
      if (isCurrent() || isTurnWanted) scheduleNext()
      publish()
    }
  }

  async function observe(isCurrent: () => boolean): Promise<void> {
    const request = fleet.request(clock.now())
    const list = await provider.listPods()
    if (!isCurrent()) return
    if (!list.ok) {
      handleFailure(list.error)
      return
    }
    link = liveLink
    const shown = fleet.takeList(list.value, request)
    for (const pod of shown) desk.look(pod.id, pod, request.at)
    // An open action whose pod the list did not show would wait for ever.
    const unseen = desk.openPods().filter((podId) => !shown.some(({ id }) => id === podId))
    const toRead = [...new Set([...unseen, ...fleet.toConfirm()])].slice(0, CONFIRM_AT_ONCE)
    for (const podId of toRead) await lookAt(podId)
    if (!isCurrent()) return
    decideAndAnnounce()
    void balance.read(settings().pollBalanceS * SECOND_MS)
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

  function decideAndAnnounce(): void {
    const now = clock.now()
    const decisions = decide(account.id, fleet.seenAt(now), { idleAlertAfterMs: alertAfterMs() })
    if (decisions.length === 0) return
    const rules = { idleAlertEveryMs: settings().idleAlertEveryMin * MINUTE_MS }
    const { toShow, marks: told } = announce(decisions, marks.load(), now.wallMs, rules)
    if (toShow.length === 0) return
    marks.save(told)
    for (const decision of toShow) notifier.show(alertOf(decision))
  }

  function handleFailure(error: ProviderError): void {
    link = withFailure(link, error, clock.now(), settings())
  }

  function handleReply(reply: Result<Pod | null, ProviderError>, request: Request): void {
    if (state === 'disposed') return
    if (!reply.ok && reply.error.kind === 'forbidden') isMonitorOnly = true
    if (reply.ok && reply.value !== null && fleet.takePod(reply.value, request))
      desk.look(reply.value.id, reply.value, request.at)
    publish()
    refresh()
  }

  function handleIntentChange(intent: Intent): void {
    if (intent.message !== null && intent.phase === 'cancelled') addNotice(intent)
    const alert = endOfIntentAlert(intent)
    if (alert) notifier.show(alert)
    publish()
  }

  function addNotice({ id, podId, message, phaseAt }: Intent): void {
    notices = [...notices, { id, podId, text: message ?? '', atMs: phaseAt.wallMs }]
  }

  function refresh(): void {
    void turn()
  }

  function scheduleNext(): void {
    cancelNext()
    if (state !== 'running') return
    const now = clock.now()
    const pace = {
      hasOpenIntent: desk.openPods().length > 0,
      hasActivePod: fleet.hasActivePod(),
      spacingMs: provider.pollSpacingMs(),
    }
    const delayMs = isTurnWanted ? 0 : nextDelayMs(link, now, pace, settings(), random)
    nextTryAtMs = now.wallMs + (delayMs ?? 0)
    if (delayMs !== null) cancelNext = clock.schedule(delayMs, refresh)
  }

  current = draw()
  return {
    start() {
      if (state !== 'new') return
      state = 'running'
      desk.start()
      refresh()
    },
    dispose() {
      state = 'disposed'
      cancelNext()
      desk.dispose()
      provider.abortReads()
      listeners.clear()
    },
    snapshot: () => current,
    histories: (podIds) => fleet.histories(podIds, clock.now()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    act(podId, action) {
      const pod = fleet.pod(podId)
      if (!pod) return fail('That pod is not in the list any more.')
      if (!canDo(pod, action)) return fail(`${pod.name} does not allow ${action} now.`)
      const scheduled = desk.schedule(pod, action)
      return scheduled.ok ? ok(undefined) : scheduled
    },
    undo: (intentId) => desk.undo(intentId),
    dismissNotice(noticeId) {
      notices = notices.filter((notice) => notice.id !== noticeId)
      publish()
    },
    suspend() {
      if (state !== 'running') return
      state = 'asleep'
      sleeps += 1
      cancelNext()
      provider.abortReads()
    },
    resume() {
      if (state !== 'asleep') return
      state = 'running'
      desk.resume()
      // The network needs a moment after a sleep; a little chance keeps many machines apart.
      cancelNext = clock.schedule(SECOND_MS * (1 + 2 * random()), refresh)
    },
  }
}

function runwayOf(balance: BalanceView, burn: BurnRate): number | null {
  return balance.kind === 'known' ? runwayMs(balance.usd, burn, balance.spendPerHourUsd) : null
}
