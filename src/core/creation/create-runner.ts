import { fail, ok, type Result } from '../base/result'
import { isOpen, isUnsent } from '../intents/intent'
import { createPendingSends } from '../intents/pending-sends'
import { type Environment, RUN_ID_VARIABLE } from '../pods/pod-request'
import { type ProviderError, unreadableError } from '../pods/provider'
import {
  awaitsTabs,
  cancelCreate,
  candidateOf,
  createDueInMs,
  type CreateIntent,
  expiredCreate,
  isLateCreate,
  lacksRules,
  markCreateSent,
  mayAppearLate,
  recoverCreate,
  scheduleCreate,
  undoCreate,
} from './create-intent'
import { withListedPods } from './create-observation'
import { keptEnvironment, planProblem, PUBLIC_KEY_VARIABLE } from './create-plan'
import type { CreateContext, CreateRunner, CreateRunnerOptions, CreateStore } from './create-runner-types'
import { sendCreate } from './send-create'
import { toFailed, tryNext, withCreateReply } from './create-reply'
import type { LateCheck } from './late-check'
import { creationRefusalText } from './refusal-text'
import { tooLateText } from '../intents/action-text'

/** How long a create that may not be sent now is put off, ms. */
const POSTPONE_MS = 30_000

export function createCreateRunner(
  context: CreateContext,
  { journal, earlier }: CreateStore,
  options: CreateRunnerOptions,
): CreateRunner {
  const { accountId, provider, clock, newId, random } = context
  const { rules, onChange } = options
  const creates = new Map<string, CreateIntent>(earlier.map((create) => [create.id, create]))
  /** Values of variables are kept here only. */
  const environments = new Map<string, Environment>()
  const sends = createPendingSends(clock)

  function save(create: CreateIntent): Result<void, string> {
    const written = journal.record(create)
    creates.set(create.id, create)
    if (!isUnsent(create) && create.phase !== 'sent') environments.delete(create.id)
    onChange(create)
    return written
  }

  function update(before: CreateIntent, changed: CreateIntent): void {
    const after = withRules(changed)
    // One that is put off stays so, however often the account is read.
    if (after === before) return
    save(after)
    if (isUnsent(after)) scheduleSend(after)
    if (after.isUnclear && !before.isUnclear && isOpen(after)) readSoon(after.id)
  }

  const scheduleSend = (create: CreateIntent): void => sendIn(create.id, createDueInMs(create, clock.now()))

  const sendIn = (id: string, delayMs: number): void => sends.after(id, delayMs, () => void send(id))

  function readSoon(id: string): void {
    for (const [index, delayMs] of rules().readAfterMs.entries())
      sends.after(`read ${index} ${id}`, delayMs, options.requestPoll)
  }

  async function send(id: string): Promise<void> {
    const create = creates.get(id)
    if (create === undefined || !isUnsent(create) || sends.isClosed()) return
    if (createDueInMs(create, clock.now()) > 0) {
      scheduleSend(create)
      return
    }
    if (saveIfExpired(create)) return
    if (isLateCreate(create, clock.now(), rules()) && !(await mayStillBeSent(create))) return
    await sends.track(() => Promise.resolve(create).then(deliver))
  }

  function saveIfExpired(create: CreateIntent): boolean {
    const expired = expiredCreate(create, clock.now(), rules())
    if (expired !== null) save(expired)
    return expired !== null
  }

  async function mayStillBeSent(create: CreateIntent): Promise<boolean> {
    const check = await options.checkLate(create.plan, candidateOf(create)).catch(toPostponed)
    if (sends.isClosed() || creates.get(create.id) !== create) return false
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
    if (sends.isClosed() || creates.get(id) !== create || saveIfExpired(create)) return
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
      ...(create.plan.ownKey && { [PUBLIC_KEY_VARIABLE]: create.plan.ownKey.publicKey }),
      [RUN_ID_VARIABLE]: create.runId,
    }
    const reply = await sendCreate(provider, candidate, environment).catch(toFailure)
    if (sends.isDisposed()) return
    options.onReply(reply, stamp)
    const latest = creates.get(id) ?? sent
    update(latest, withCreateReply(latest, reply, clock.now(), rules(), random()))
  }

  /**
   * The rules hold from the first minute, before the pod is shown anywhere; where they could not be set, each list
   * tries again.
   */
  function withRules(create: CreateIntent): CreateIntent {
    const { podId } = create
    if (podId === null || !lacksRules(create)) return create
    if (!options.listedPods().some((pod) => pod.id === podId)) return create
    const set = options.setRules(podId, create.plan.rules)
    const message = set.ok ? create.message : `Its rules could not be set yet. ${set.error}`
    return set.ok || message !== create.message ? { ...create, message, areRulesSet: set.ok } : create
  }

  /** The name must be unique, because a pod whose environment is hidden is found by it. */
  function nameProblem(name: string): string | null {
    const isTaken =
      options.listedPods().some((pod) => pod.name === name) ||
      [...creates.values()].some(
        (create) => create.plan.name === name && (isOpen(create) || mayAppearLate(create)),
      )
    return isTaken ? `A pod or request is already named ${name}. Choose another name.` : null
  }

  function resumeCreates(): void {
    const now = clock.now()
    for (const create of creates.values()) {
      const isOfThisRun = create.phaseAt.runId === now.runId
      const recovered = isOfThisRun ? create : recoverCreate(create, now, rules())
      if (recovered === create && isUnsent(create)) scheduleSend(create)
      update(create, recovered)
    }
  }

  return {
    create(plan, environment, isFromCommandLine) {
      if (sends.isClosed()) return fail('Podkeeper is quitting.')
      const problem = planProblem(plan) ?? nameProblem(plan.name) ?? options.spendingProblem(plan)
      if (problem !== null) return fail(`Nothing was created. ${problem}`)
      const id = newId()
      const create = scheduleCreate(
        {
          id,
          accountId,
          runId: plan.ownKey?.runId ?? newId(),
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
      if (create === undefined) return fail(creationRefusalText.requestUnknown)
      const undone = undoCreate(create, clock.now())
      if (undone === create) return fail(tooLateText)
      sends.cancel(id)
      const written = save(undone)
      return written.ok ? ok(undefined) : fail(`It is undone, but could not be saved: ${written.error}`)
    },

    claimTabs(id) {
      const create = creates.get(id)
      if (create === undefined || !awaitsTabs(create)) return fail('No terminal waits for that pod.')
      const claimed = { ...create, areTabsMoved: true }
      const written = journal.record(claimed)
      if (!written.ok) return written
      creates.set(id, claimed)
      const isOfThisRun = create.requestedAt.runId === clock.now().runId
      return ok(isOfThisRun ? null : (create.plan.terminalTabs ?? []))
    },

    creates: () => [...creates.values()],

    observe(list) {
      for (const create of creates.values())
        update(create, withListedPods(create, list, clock.now(), rules()))
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

    shutDown: () => sends.shutDown(),

    dispose: () => sends.dispose(),
  }
}

const toFailure = (cause: unknown): Result<never, ProviderError> => fail(unreadableError(cause))
const toPostponed = (): LateCheck => ({ kind: 'postponed', waitMs: null })
