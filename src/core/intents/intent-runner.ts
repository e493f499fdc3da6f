import { type Provider, type ProviderError, type RequestStamp, unreadableError } from '../pods/provider'
import { currentIntentOf, isNewsOf, openIntentOf } from './current-intent'
import { withLateStop, withObservation } from './intent-observation'
import { withReply } from './intent-reply'
import {
  askAgainText,
  beforeSleep,
  cancelIntent,
  dueInMs,
  expiredIntent,
  type Intent,
  type IntentAction,
  type IntentOrigin,
  isLate,
  isOpen,
  isUnsent,
  markSent,
  recoverIntent,
  scheduleIntent,
  staleReason,
  undoIntent,
} from './intent'
import type { IntentRules } from './intent-rules'
import { serviceNameOf } from '../pods/labs/service-name'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import { createPendingSends } from './pending-sends'
import type { Journal } from './journal'
import type { ActOptions, NewIntent, RuleOptions } from './schedule-options'
import { fail, ok, type Result } from '../base/result'
import type { Instant } from '../base/time/time'
import { tooLateText } from './action-text'

/** What an account acts with. */
export interface IntentContext {
  readonly accountId: AccountId
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly newId: () => string
  /** 0 ≤ random < 1. */
  readonly random: () => number
  /** Intents of this account from earlier runs, as the journal has them, oldest first. */
  readonly earlierIntents: readonly Intent[]
}

export interface IntentRunnerOptions {
  readonly rules: () => IntentRules
  /** Reads the pod again and updates the fleet; null when it is gone. */
  readonly pollPod: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
  /** Assigns a sequence number to a request before it is sent. */
  readonly stampRequest: (at: Instant) => RequestStamp
  /** Called with the reply to an action, and its pod if the reply includes it. */
  readonly onReply: (reply: Result<Pod | null, ProviderError>, stampRequest: RequestStamp) => void
  /** Called when an intent changes its phase or details. */
  readonly onChange: (intent: Intent) => void
}

/** Runs intents from scheduling to their end, with at most one open intent per pod. */
export interface IntentRunner {
  /** The id for an action that is logged before it is scheduled. */
  newId(): string
  /** A terminate must have been confirmed: see confirmation.ts. */
  schedule(pod: Pod, action: IntentAction, options?: ActOptions): Result<Intent, string>
  /** Sends a rule's action before it returns, without undo. The pod must have been read just now. */
  sendImmediately(
    pod: Pod,
    action: 'stop' | 'terminate',
    origin: Exclude<IntentOrigin, 'person'>,
    options?: RuleOptions,
  ): Result<void, string>
  /** All known intents, oldest first. */
  intents(): readonly Intent[]
  /** Starts the pod, with retries until a GPU is free. */
  waitForGpu(pod: Pod, options?: ActOptions): Result<Intent, string>
  undo(intentId: string): Result<void, string>
  /** Reports the observed state of a pod to its open intents; null: gone. */
  observe(podId: PodId, pod: Pod | null, observedAt: Instant): void
  /** The pod's open intent, otherwise the last one that ended recently. */
  currentIntent(podId: PodId): Intent | null
  /** The pods that have an open intent. */
  podsWithOpenIntent(): readonly PodId[]
  /** Whether an action was sent or will be within seconds, so that polling should be frequent. */
  hasActiveIntent(): boolean
  /** Resumes the intents of earlier runs. */
  start(): void
  /** Resumes intents of another process that acted until now, as after a crash of this one. */
  adopt(intents: readonly Intent[]): void
  /** The computer goes to sleep or shuts down: see `beforeSleep`. `shutDown` waits for what is sent. */
  suspend(): void
  /** Called after a sleep, in which timers may not have run. */
  resume(): void
  /** Sends nothing more; resolves once sent actions are recorded. The next run cancels scheduled intents. */
  shutDown(): Promise<void>
  /** Cancels all timers and ignores outstanding replies. */
  dispose(): void
}

export function createIntentRunner(context: IntentContext, options: IntentRunnerOptions): IntentRunner {
  const { accountId, provider, clock, journal, newId, random } = context
  const { rules, pollPod, stampRequest, onReply, onChange } = options
  const service = serviceNameOf(provider)
  const intents = new Map<string, Intent>()
  const sends = createPendingSends(clock)

  /** Persists the intent before it becomes visible. */
  function save(intent: Intent, isNews = true): Result<void, string> {
    const written = journal.record(intent)
    intents.set(intent.id, intent)
    if (isNews) onChange(intent)
    return written
  }

  function update(before: Intent, after: Intent): void {
    if (after !== before) save(after, after.phase !== before.phase || after.message !== before.message)
    if (isUnsent(after)) scheduleSend(after)
  }

  const scheduleSend = (intent: Intent): void => sendIn(intent.id, dueInMs(intent, clock.now()))

  const sendIn = (id: string, delayMs: number): void => sends.after(id, delayMs, () => void send(id))

  async function send(id: string): Promise<void> {
    const intent = intents.get(id)
    if (intent === undefined || !isUnsent(intent)) return
    if (dueInMs(intent, clock.now()) > 0) {
      scheduleSend(intent)
      return
    }
    if (saveIfExpired(intent)) return
    if (isLate(intent, clock.now(), rules()) && !(await isStillValid(intent))) return
    await sends.track(() => Promise.resolve(intent).then(deliver))
  }

  async function deliver(intent: Intent): Promise<void> {
    const { id } = intent
    // While the pod was read, the intent may have been undone or may have expired.
    if (sends.isClosed() || intents.get(id) !== intent || saveIfExpired(intent)) return
    const sent = markSent(intent, clock.now())
    const written = journal.record(sent)
    if (!written.ok) {
      intents.set(id, cancelIntent(intent, clock.now(), `Nothing was sent: ${written.error}`))
      onChange(intents.get(id) ?? intent)
      return
    }
    intents.set(id, sent)
    onChange(sent)
    const requestStamp = stampRequest(sent.phaseAt)
    const reply = await sendRequest(provider, intent).catch(toFailure)
    if (sends.isDisposed()) return
    const latest = intents.get(id) ?? sent
    update(latest, withReply(latest, reply, clock.now(), rules(), random(), service))
    onReply(reply, requestStamp)
  }

  function saveIfExpired(intent: Intent): boolean {
    const expired = expiredIntent(intent, clock.now(), rules())
    if (expired !== null) save(expired)
    return expired !== null
  }

  /** Reads the pod before a late intent is sent. If the read fails, the intent is postponed. */
  async function isStillValid(intent: Intent): Promise<boolean> {
    const polled = await pollPod(intent.podId).catch(toFailure)
    if (sends.isClosed() || intents.get(intent.id) !== intent) return false
    if (!polled.ok) {
      sendIn(intent.id, Math.max(polled.error.retryAfterMs ?? 0, rules().lateAfterMs))
      return false
    }
    const reason = polled.value === null ? `${intent.podName} is gone.` : staleReason(intent, polled.value)
    if (reason === null) return true
    save(cancelIntent(intent, clock.now(), reason))
    return false
  }

  function resumeIntents(): void {
    for (const intent of intents.values()) {
      const now = clock.now()
      update(intent, isLate(intent, now, rules()) ? recoverIntent(intent, now, rules()) : intent)
    }
  }

  for (const earlier of context.earlierIntents) intents.set(earlier.id, earlier)

  function createIntent(pod: Pod, request: NewIntent): Result<Intent, string> {
    const open = openIntentOf(intents.values(), pod.id)
    if (open) return fail(`${pod.name}: a ${open.action} is already under way.`)
    const { id = newId() } = request
    const intent = scheduleIntent({ ...request, id, accountId }, pod, clock.now(), rules())
    const written = journal.record(intent)
    if (!written.ok) return fail(`Nothing was done: ${written.error}`)
    intents.set(intent.id, intent)
    onChange(intent)
    return ok(intent)
  }

  function createAndSchedule(...args: Parameters<typeof createIntent>): Result<Intent, string> {
    const created = createIntent(...args)
    if (created.ok) scheduleSend(created.value)
    return created
  }

  return {
    newId,
    schedule: (pod, action, request = {}) => createAndSchedule(pod, { ...request, action, origin: 'person' }),
    sendImmediately(pod, action, origin, request = {}) {
      if (sends.isClosed()) return fail('Podkeeper is quitting.')
      const created = createIntent(pod, { ...request, action, origin })
      if (!created.ok) return created
      void sends.track(() => deliver(created.value))
      return ok(undefined)
    },
    intents: () => [...intents.values()],
    waitForGpu: (pod, request = {}) =>
      createAndSchedule(pod, { ...request, action: 'start', origin: 'person', waitsForGpu: true }),

    undo(intentId) {
      const intent = intents.get(intentId)
      if (!intent) return fail('That action is no longer known.')
      const undone = undoIntent(intent, clock.now())
      if (undone === intent) return fail(tooLateText)
      sends.cancel(intentId)
      const written = save(undone)
      return written.ok ? ok(undefined) : fail(`It is undone, but could not be saved: ${written.error}`)
    },

    observe(podId, pod, observedAt) {
      const ofPod = [...intents.values()].filter((intent) => intent.podId === podId)
      for (const intent of ofPod)
        update(intent, withObservation(intent, pod, observedAt, clock.now(), rules()))
      const last = ofPod.at(-1)
      if (last !== undefined) update(last, withLateStop(last, pod, observedAt, clock.now()))
    },

    currentIntent: (podId) => currentIntentOf(intents.values(), podId, clock.now()),

    podsWithOpenIntent: () => [...intents.values()].filter(isOpen).map(({ podId }) => podId),

    hasActiveIntent: () =>
      [...intents.values()].some((intent) => isOpen(intent) && intent.phase !== 'waiting'),

    start: resumeIntents,

    adopt(others) {
      for (const other of others) if (isNewsOf(intents.get(other.id), other)) intents.set(other.id, other)
      resumeIntents()
    },

    suspend() {
      for (const intent of intents.values()) {
        const now = clock.now()
        const what = beforeSleep(intent, now, rules())
        if (what === 'cancel') update(intent, cancelIntent(intent, now, askAgainText(intent)))
        if (what !== 'send') continue
        sends.cancel(intent.id)
        void sends.track(() => deliver(intent))
      }
    },

    resume() {
      for (const intent of intents.values()) if (isUnsent(intent)) scheduleSend(intent)
    },

    shutDown: () => sends.shutDown(),

    dispose: () => sends.dispose(),
  }
}

/** The only place that sends an action, terminates included. */
async function sendRequest(
  provider: Pick<Provider, 'act' | 'terminatePod'>,
  { action, podId }: Intent,
): Promise<Result<Pod | null, ProviderError>> {
  return action === 'terminate' ? provider.terminatePod(podId) : provider.act(podId, action)
}

const toFailure = (cause: unknown): Result<never, ProviderError> => fail(unreadableError(cause))
