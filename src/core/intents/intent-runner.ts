import { askProvider, notUnderstood } from './send-action'
import type { Provider, ProviderError, Request } from '../pods/provider'
import { withLook } from './intent-observation'
import { withReply } from './intent-reply'
import {
  cancelIntent,
  confirmAgain,
  dueInMs,
  expiry,
  type Intent,
  type IntentAction,
  type IntentOrigin,
  type IntentRequest,
  type IntentRules,
  isLate,
  isOpen,
  isUnsent,
  markSent,
  recoverIntent,
  scheduleIntent,
  staleReason,
  undoIntent,
} from './intent'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { Journal } from './journal'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'

/** How long an intent that ended stays beside its pod. */
const KEEP_ENDED_MS = 10 * MINUTE_MS

export interface IntentDeskOptions {
  readonly accountId: AccountId
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly newId: () => string
  readonly rules: () => IntentRules
  /** The intents of this account that the journal held, from earlier runs. */
  readonly earlier: readonly Intent[]
  /** Reads the pod afresh and puts it into the picture; null: gone. */
  readonly lookAt: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
  /** Numbers a request that is about to be sent. */
  readonly request: (at: Instant) => Request
  /** An action was answered: with its pod, if the answer showed one. */
  readonly onReply: (reply: Result<Pod | null, ProviderError>, request: Request) => void
  /** An intent got to another phase, or learned something. */
  readonly onChange: (intent: Intent) => void
}

/** Carries intents from their scheduling to their end, one open intent per pod. */
export interface IntentDesk {
  /** A terminate must have been confirmed: see confirmation.ts. */
  schedule(pod: Pod, action: IntentAction, origin?: IntentOrigin): Result<Intent, string>
  /**
   * What a rule asks for, on what it has just seen: sent before this returns, without an undo. The pod must be as it was
   * read in this very moment.
   */
  sendAtOnce(
    pod: Pod,
    action: 'stop' | 'terminate',
    origin: Exclude<IntentOrigin, 'person'>,
  ): Result<void, string>
  /** All that are known, oldest first. */
  intents(): readonly Intent[]
  /** A start that is tried again until a GPU is free. */
  waitForGpu(pod: Pod): Result<Intent, string>
  undo(intentId: string): Result<void, string>
  /** Tells every open intent of the pod what a look showed; `pod` null: gone. */
  look(podId: PodId, pod: Pod | null, lookedAt: Instant): void
  /** The pod's open intent, else the last that ended lately. */
  intentOf(podId: PodId): Intent | null
  /** The pods that have an open intent. */
  openPods(): readonly PodId[]
  /** Whether something was sent, or will be within seconds: worth looking often. */
  isBusy(): boolean
  /** Takes up the earlier intents. */
  start(): void
  /** Takes up intents of another process, which acted until now, as after a crash of this one. */
  adopt(intents: readonly Intent[]): void
  /** The machine goes to sleep, and with it ends what was confirmed and not sent yet. */
  suspend(): void
  /** After a sleep: timers may have slept as well. */
  resume(): void
  /**
   * Sends nothing any more, and ends once what was sent is answered and written down. What is scheduled stays so
   * in the journal, and is cancelled by the next run.
   */
  end(): Promise<void>
  /** Cancels every timer and hears no answer any more. */
  dispose(): void
}

export function createIntentDesk(options: IntentDeskOptions): IntentDesk {
  const { accountId, provider, clock, journal, newId, rules, lookAt, request, onReply, onChange } = options
  const intents = new Map<string, Intent>()
  const timers = new Map<string, () => void>()
  const underWay = new Set<Promise<unknown>>()
  let isEnding = false
  let isDisposed = false

  /** Writes the intent down, then lets it be seen. */
  function keep(intent: Intent): Result<void, string> {
    const written = journal.record(intent)
    intents.set(intent.id, intent)
    onChange(intent)
    return written
  }

  function change(before: Intent, after: Intent): void {
    if (after !== before) keep(after)
    if (isUnsent(after)) arm(after)
  }

  function arm(intent: Intent): void {
    timers.get(intent.id)?.()
    if (isEnding) return
    const cancel = clock.schedule(dueInMs(intent, clock.now()), () => {
      timers.delete(intent.id)
      void send(intent.id)
    })
    timers.set(intent.id, cancel)
  }

  async function send(id: string): Promise<void> {
    const intent = intents.get(id)
    if (intent === undefined || !isUnsent(intent)) return
    if (dueInMs(intent, clock.now()) > 0) {
      arm(intent)
      return
    }
    if (endIfExpired(intent)) return
    if (isLate(intent, clock.now(), rules()) && !(await isStillMeant(intent))) return
    // Under way before anybody hears of it: whoever ends the desk then waits for it.
    const delivery = Promise.resolve(intent).then(deliver)
    underWay.add(delivery)
    await delivery.finally(() => underWay.delete(delivery))
  }

  async function deliver(intent: Intent): Promise<void> {
    const { id } = intent
    // The look took time, in which the intent may have been undone, or become too old.
    if (isEnding || intents.get(id) !== intent || endIfExpired(intent)) return
    const sent = markSent(intent, clock.now())
    const written = journal.record(sent)
    if (!written.ok) {
      intents.set(id, cancelIntent(intent, clock.now(), `Nothing was sent: ${written.error}`))
      onChange(intents.get(id) ?? intent)
      return
    }
    intents.set(id, sent)
    onChange(sent)
    const numbered = request(sent.phaseAt)
    const reply = await askProvider(provider, intent).catch(notUnderstood)
    if (isDisposed) return
    const latest = intents.get(id) ?? sent
    change(latest, withReply(latest, reply, clock.now(), rules()))
    onReply(reply, numbered)
  }

  function endIfExpired(intent: Intent): boolean {
    const expired = expiry(intent, clock.now(), rules())
    if (expired !== null) keep(expired)
    return expired !== null
  }

  /** Reads the pod before a late intent is sent. An unanswered read postpones it. */
  async function isStillMeant(intent: Intent): Promise<boolean> {
    const seen = await lookAt(intent.podId).catch(notUnderstood)
    if (isEnding || intents.get(intent.id) !== intent) return false
    if (!seen.ok) {
      timers.get(intent.id)?.()
      const retryMs = Math.max(seen.error.retryAfterMs ?? 0, rules().lateMs)
      timers.set(
        intent.id,
        clock.schedule(retryMs, () => void send(intent.id)),
      )
      return false
    }
    const reason = seen.value === null ? `${intent.podName} is gone.` : staleReason(intent, seen.value)
    if (reason === null) return true
    keep(cancelIntent(intent, clock.now(), reason))
    return false
  }

  function cancelTimers(): void {
    for (const cancel of timers.values()) cancel()
    timers.clear()
  }

  function takeUp(): void {
    for (const intent of intents.values()) {
      const now = clock.now()
      change(intent, isLate(intent, now, rules()) ? recoverIntent(intent, now, rules()) : intent)
    }
  }

  const openOf = (podId: PodId): Intent | undefined =>
    [...intents.values()].find((intent) => intent.podId === podId && isOpen(intent))

  for (const earlier of options.earlier) intents.set(earlier.id, earlier)

  function begin(
    pod: Pod,
    asked: Pick<IntentRequest, 'action' | 'origin' | 'waitsForGpu'>,
  ): Result<Intent, string> {
    const open = openOf(pod.id)
    if (open) return fail(`${pod.name}: a ${open.action} is already under way.`)
    const intent = scheduleIntent({ id: newId(), accountId, ...asked }, pod, clock.now(), rules())
    const written = journal.record(intent)
    if (!written.ok) return fail(`Nothing was done: ${written.error}`)
    intents.set(intent.id, intent)
    onChange(intent)
    return ok(intent)
  }

  function beginLater(...asked: Parameters<typeof begin>): Result<Intent, string> {
    const begun = begin(...asked)
    if (begun.ok) arm(begun.value)
    return begun
  }

  return {
    schedule: (pod, action, origin = 'person') => beginLater(pod, { action, origin }),
    sendAtOnce(pod, action, origin) {
      if (isEnding) return fail('Podkeeper is ending.')
      const begun = begin(pod, { action, origin })
      if (!begun.ok) return begun
      let settle = (): void => {}
      const delivery = new Promise<void>((resolve) => (settle = resolve))
      underWay.add(delivery)
      void deliver(begun.value).finally(() => {
        underWay.delete(delivery)
        settle()
      })
      return ok(undefined)
    },
    intents: () => [...intents.values()],
    waitForGpu: (pod) => beginLater(pod, { action: 'start', origin: 'person', waitsForGpu: true }),

    undo(intentId) {
      const intent = intents.get(intentId)
      if (!intent) return fail('That action is not known any more.')
      const undone = undoIntent(intent, clock.now())
      if (undone === intent) return fail('Too late to undo: it was sent already.')
      timers.get(intentId)?.()
      timers.delete(intentId)
      const written = keep(undone)
      return written.ok
        ? ok(undefined)
        : fail(`It is undone, but could not be written down: ${written.error}`)
    },

    look(podId, pod, lookedAt) {
      for (const intent of intents.values())
        if (intent.podId === podId) change(intent, withLook(intent, pod, lookedAt, clock.now(), rules()))
    },

    intentOf(podId) {
      const open = openOf(podId)
      if (open) return open
      const ended = [...intents.values()].filter((intent) => intent.podId === podId).at(-1)
      const isRecent = ended && elapsedMs(ended.phaseAt, clock.now()) < KEEP_ENDED_MS
      return isRecent ? ended : null
    },

    openPods: () => [...intents.values()].filter(isOpen).map(({ podId }) => podId),

    isBusy: () => [...intents.values()].some((intent) => isOpen(intent) && intent.phase !== 'waiting'),

    start: takeUp,

    adopt(others) {
      for (const other of others) if (!intents.has(other.id)) intents.set(other.id, other)
      takeUp()
    },

    suspend() {
      const confirmed = [...intents.values()].filter((intent) => intent.action === 'terminate')
      for (const intent of confirmed) change(intent, cancelIntent(intent, clock.now(), confirmAgain(intent)))
    },

    resume() {
      for (const intent of intents.values()) if (isUnsent(intent)) arm(intent)
    },

    async end() {
      isEnding = true
      cancelTimers()
      await Promise.allSettled(underWay)
    },

    dispose() {
      isEnding = true
      isDisposed = true
      cancelTimers()
    },
  }
}
