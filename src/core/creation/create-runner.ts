import type { Clock } from '../base/clock'
import { fail, ok, type Result } from '../base/result'
import { isOpen, isUnsent } from '../intents/intent'
import type { AccountId, Pod, PodId } from '../pods/pod'
import { type Environment, RUN_ID_VARIABLE } from '../pods/pod-request'
import type { Provider, ProviderError, RequestStamp } from '../pods/provider'
import { unreadableError } from '../pods/unreadable-error'
import type { Instant } from '../base/time'
import {
  awaitsPod,
  cancelCreate,
  candidateOf,
  createDueInMs,
  type CreateIntent,
  type CreateJournal,
  type CreateRules,
  expiredCreate,
  isLateCreate,
  lacksRules,
  markCreateSent,
  recoverCreate,
  scheduleCreate,
  undoCreate,
} from './create-intent'
import { type ObservedList, withListedPods } from './create-observation'
import { type CreateCandidate, type CreatePlan, keptEnvironment, type NewPodRules } from './create-plan'
import { toFailed, tryNext, withCreateReply } from './create-reply'
import type { LateCheck } from './late-check'

export interface CreateRunnerOptions {
  readonly accountId: AccountId
  readonly provider: Pick<Provider, 'createPod' | 'createLabPod'>
  readonly clock: Clock
  readonly journal: CreateJournal
  /** Unique across runs. */
  readonly newId: () => string
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly rules: () => CreateRules
  /** Creates of this account from earlier runs, as the journal has them. */
  readonly earlierCreates: readonly CreateIntent[]
  readonly listedPods: () => readonly Pod[]
  /** Why money allows no pod of this price, as a sentence; null: it does. */
  readonly spendingProblem: (plan: CreatePlan, candidate: CreateCandidate) => string | null
  /** Looks at price and money again, for a create that nobody watches. */
  readonly checkLate: (plan: CreatePlan, candidate: CreateCandidate) => Promise<LateCheck>
  /** Asks for a list of pods soon. */
  readonly requestPoll: () => void
  /** Sets the rules of a new pod, which is listed; the error is a sentence. */
  readonly setRules: (podId: PodId, rules: NewPodRules) => Result<void, string>
  readonly stampRequest: (at: Instant) => RequestStamp
  /** Called with the reply to a create, and its pod if the reply includes it. */
  readonly onReply: (reply: Result<Pod | null, ProviderError>, request: RequestStamp) => void
  readonly onChange: (create: CreateIntent) => void
}

/** Runs creates from the request to their end. */
export interface CreateRunner {
  /** `environment` has the values of all variables of the plan. When this returns ok, the request is on disk. */
  create(plan: CreatePlan, environment: Environment, isFromCommandLine: boolean): Result<CreateIntent, string>
  undo(id: string): Result<void, string>
  /** All known creates, oldest first. */
  creates(): readonly CreateIntent[]
  observe(list: ObservedList): void
  /** Whether a request was sent whose pod is not seen yet, or will be sent within seconds. */
  hasActive(): boolean
  start(): void
  /** Resumes creates of another process that acted until now. */
  adopt(creates: readonly CreateIntent[]): void
  resume(): void
  shutDown(): Promise<void>
  dispose(): void
}

/** How long a create that may not be sent now is put off, ms. */
const POSTPONE_MS = 30_000

export function createCreateRunner(options: CreateRunnerOptions): CreateRunner {
  const { accountId, clock, journal, rules, onChange } = options
  const creates = new Map<string, CreateIntent>(options.earlierCreates.map((create) => [create.id, create]))
  /** Values of variables are kept here only. */
  const environments = new Map<string, Environment>()
  const timers = new Map<string, () => void>()
  const inFlight = new Set<Promise<unknown>>()
  let isShuttingDown = false
  let isDisposed = false

  function save(create: CreateIntent): Result<void, string> {
    const written = journal.record(create)
    creates.set(create.id, create)
    if (!isUnsent(create) && create.phase !== 'sent') environments.delete(create.id)
    onChange(create)
    return written
  }

  function update(before: CreateIntent, after: CreateIntent): void {
    if (after !== before) save(after)
    if (isUnsent(after)) scheduleSend(after)
    if (after.isUnclear && !before.isUnclear && isOpen(after)) readSoon(after.id)
  }

  function scheduleSend({ id, ...create }: CreateIntent): void {
    sendIn(id, createDueInMs({ id, ...create }, clock.now()))
  }

  function sendIn(id: string, delayMs: number): void {
    if (isShuttingDown) return
    timers.get(id)?.()
    timers.set(
      id,
      clock.schedule(delayMs, () => {
        timers.delete(id)
        void send(id)
      }),
    )
  }

  function readSoon(id: string): void {
    for (const [index, delayMs] of rules().readAfterMs.entries()) {
      const name = `read ${index} ${id}`
      timers.get(name)?.()
      timers.set(
        name,
        clock.schedule(delayMs, () => {
          timers.delete(name)
          options.requestPoll()
        }),
      )
    }
  }

  async function send(id: string): Promise<void> {
    const create = creates.get(id)
    if (create === undefined || !isUnsent(create) || isShuttingDown) return
    if (createDueInMs(create, clock.now()) > 0) {
      scheduleSend(create)
      return
    }
    if (saveIfExpired(create)) return
    if (isLateCreate(create, clock.now(), rules()) && !(await mayStillBeSent(create))) return
    // Registered before the change is published, so that a shutdown waits for it.
    const delivery = Promise.resolve(create).then(deliver)
    inFlight.add(delivery)
    await delivery.finally(() => inFlight.delete(delivery))
  }

  function saveIfExpired(create: CreateIntent): boolean {
    const expired = expiredCreate(create, clock.now())
    if (expired !== null) save(expired)
    return expired !== null
  }

  async function mayStillBeSent(create: CreateIntent): Promise<boolean> {
    const check = await options.checkLate(create.plan, candidateOf(create)).catch(toPostponed)
    if (isShuttingDown || creates.get(create.id) !== create) return false
    const now = clock.now()
    switch (check.kind) {
      case 'ok':
        return true
      case 'too-expensive':
        update(create, tryNext(create, 'too-expensive', now, rules(), check.message))
        return false
      case 'refused':
        update(create, toFailed(create, now, check.message))
        return false
      case 'postponed':
        sendIn(create.id, Math.max(check.waitMs ?? 0, POSTPONE_MS))
        return false
    }
  }

  async function deliver(create: CreateIntent): Promise<void> {
    const { id } = create
    // While price and money were read, it may have been undone, have expired, or its pod may have appeared.
    if (isShuttingDown || creates.get(id) !== create || saveIfExpired(create)) return
    const candidate = candidateOf(create)
    const sent = markCreateSent(create, clock.now())
    const written = journal.record(sent)
    if (!written.ok) {
      const cancelled = cancelCreate(create, clock.now(), `Nothing was sent: ${written.error}`)
      creates.set(id, cancelled)
      onChange(cancelled)
      return
    }
    creates.set(id, sent)
    onChange(sent)
    const stamp = options.stampRequest(sent.phaseAt)
    const environment = {
      ...(environments.get(id) ?? keptEnvironment(create.plan)),
      [RUN_ID_VARIABLE]: create.runId,
    }
    const reply = await sendCreate(options.provider, candidate, environment).catch(toFailure)
    if (isDisposed) return
    const latest = creates.get(id) ?? sent
    update(latest, withCreateReply(latest, reply, clock.now(), rules(), options.random()))
    options.onReply(reply, stamp)
    setRulesOf(id)
  }

  /** The rules hold from the first minute; where they could not be set, each list tries again. */
  function setRulesOf(id: string): void {
    const create = creates.get(id)
    if (create === undefined || create.podId === null || !lacksRules(create)) return
    if (!options.listedPods().some((pod) => pod.id === create.podId)) return
    const set = options.setRules(create.podId, create.plan.rules)
    const message = set.ok ? create.message : `Its rules could not be set yet. ${set.error}`
    if (set.ok || message !== create.message) save({ ...create, message, areRulesSet: set.ok })
  }

  function problemOf({
    name,
    candidates,
    maxPerHourUsd,
    waitsForMs,
    rules: podRules,
  }: CreatePlan): string | null {
    const isTaken =
      options.listedPods().some((pod) => pod.name === name) ||
      [...creates.values()].some(
        (create) => create.plan.name === name && (isOpen(create) || (create.isUnclear && awaitsPod(create))),
      )
    if (isTaken) return `There is a pod or a request with the name ${name} already. Choose another name.`
    const isPriceKnown = candidates.every(({ perHourUsd }) => perHourUsd !== null)
    if (maxPerHourUsd !== null && candidates.some(({ perHourUsd }) => (perHourUsd ?? 0) > maxPerHourUsd))
      return 'A choice costs more than you confirmed.'
    if (waitsForMs === null) return null
    if (maxPerHourUsd === null || !isPriceKnown)
      return 'To wait until something is free, each price must be known and a maximum confirmed.'
    if (podRules.maxHours === undefined) return 'To wait until something is free, set maximum hours.'
    return null
  }

  function cancelTimers(): void {
    for (const cancel of timers.values()) cancel()
    timers.clear()
  }

  function resumeCreates(): void {
    const now = clock.now()
    for (const create of creates.values()) {
      const isOfThisRun = create.phaseAt.runId === now.runId
      update(create, isOfThisRun ? create : recoverCreate(create, now, rules()))
    }
  }

  return {
    create(plan, environment, isFromCommandLine) {
      if (isShuttingDown) return fail('Podkeeper is ending.')
      const [first] = plan.candidates
      if (first === undefined) return fail('There is nothing to choose from.')
      const problem = problemOf(plan) ?? options.spendingProblem(plan, first)
      if (problem !== null) return fail(`Nothing was created. ${problem}`)
      const id = options.newId()
      const create = scheduleCreate(
        {
          id,
          accountId,
          runId: options.newId(),
          plan,
          isFromCommandLine,
          listedPodIds: options.listedPods().map((pod) => pod.id),
        },
        clock.now(),
      )
      const written = journal.record(create)
      if (!written.ok) return fail(`Nothing was created: ${written.error}`)
      creates.set(id, create)
      environments.set(id, environment)
      onChange(create)
      scheduleSend(create)
      return ok(create)
    },

    undo(id) {
      const create = creates.get(id)
      if (create === undefined) return fail('That request is not known any more.')
      const undone = undoCreate(create, clock.now())
      if (undone === create) return fail('Too late to take it back: it was sent already.')
      timers.get(id)?.()
      timers.delete(id)
      const written = save(undone)
      return written.ok
        ? ok(undefined)
        : fail(`It is taken back, but could not be written down: ${written.error}`)
    },

    creates: () => [...creates.values()],

    observe(list) {
      for (const create of creates.values()) {
        update(create, withListedPods(create, list, clock.now(), rules()))
        setRulesOf(create.id)
      }
    },

    hasActive: () => [...creates.values()].some((create) => isOpen(create) && create.phase !== 'waiting'),

    start: resumeCreates,

    adopt(others) {
      for (const other of others) {
        const known = creates.get(other.id)
        const isNews = known === undefined || other.phaseAt.wallMs > known.phaseAt.wallMs
        if (isNews) creates.set(other.id, other)
      }
      resumeCreates()
    },

    resume() {
      for (const create of creates.values()) if (isUnsent(create)) scheduleSend(create)
    },

    async shutDown() {
      isShuttingDown = true
      cancelTimers()
      await Promise.allSettled(inFlight)
    },

    dispose() {
      isShuttingDown = true
      isDisposed = true
      cancelTimers()
    },
  }
}

/** The only place that sends a create. */
async function sendCreate(
  provider: CreateRunnerOptions['provider'],
  { pod }: CreateCandidate,
  environment: Environment,
): Promise<Result<Pod | null, ProviderError>> {
  if (pod.kind === 'cloud') {
    const { kind: _, ...request } = pod
    return (await provider.createPod?.({ ...request, environment })) ?? fail(noCreate)
  }
  const { kind: _, ...spec } = pod
  return (await provider.createLabPod?.({ ...spec, environment })) ?? fail(noCreate)
}

const noCreate: ProviderError = {
  kind: 'invalid',
  message: 'This account cannot create such a pod.',
  status: null,
  retryAfterMs: null,
  requestId: null,
}

const toFailure = (cause: unknown): Result<never, ProviderError> => fail(unreadableError(cause))
const toPostponed = (): LateCheck => ({ kind: 'postponed', waitMs: null })
