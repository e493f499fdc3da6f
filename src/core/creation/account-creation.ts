import type { PendingAlert } from '../alerts/alert'
import { createListeners } from '../base/listeners'
import { fail, ok, type Result } from '../base/result'
import type { AccountLimits } from '../pods/catalog'
import type { PodId } from '../pods/pod'
import type { Environment } from '../pods/pod-request'
import type { AccountContext } from '../pod-rules/account-context'
import { isOnlyArmed } from '../pod-rules/armed-pods'
import type { AutoStopMode } from '../pod-rules/pod-rules'
import type { PodRulesEditor } from '../pod-rules/pod-rules-editor'
import { type CreateIntent, defaultCreateRules } from './create-intent'
import type { CreatePlan, NewPodRules } from './create-plan'
import { createCreateRunner } from './create-runner'
import type { CreateRunner, CreateRunnerOptions, CreateStore } from './create-runner-types'
import { createAlert, createEntry, createNotice } from './create-text'
import { type CreateView, createViews } from './create-view'
import { checkLateCreate } from './late-check'
import type { Fleet } from '../polling/fleet'
import { intentRulesOf } from '../settings/settings'
import { spendingProblem, type SpendingView } from './spending'
import { creationRefusalText } from './refusal-text'

export interface CreationContext extends AccountContext {
  /** Absent: nothing is created by this program. */
  readonly creates?: CreateStore
}

/** Other parts of the account that creates need. */
export interface CreationParts extends Pick<CreateRunnerOptions, 'requestPoll' | 'onReply'> {
  readonly fleet: Pick<Fleet, 'pods' | 'stampRequest'>
  readonly rulesEditor: Pick<PodRulesEditor, 'changePodRules' | 'keepOn' | 'podsArmedWith' | 'setAutoStop'>
  readonly autoStopMode: () => AutoStopMode
  readonly spending: () => Omit<SpendingView, 'limits'>
  readonly addNotice: (id: string, text: string) => void
  readonly announce: (alert: PendingAlert) => void
  readonly onChange: () => void
}

/** What the user may request. */
export interface CreationRequests {
  /**
   * Creates a pod by the plan; `environment` has the values of its variables, which are kept in memory only. When this
   * returns ok, the request is on disk; `value` is its id.
   */
  createPod(plan: CreatePlan, environment: Environment, isFromCommandLine: boolean): Result<string, string>
  /** Takes a create back while nothing was sent, or ends its tries. */
  undoCreate(createId: string): Result<void, string>
  /** See `CreateRunner.claimTabs`. */
  claimTabs: CreateRunner['claimTabs']
  /** What a create that is known was to make; null: it is not known. */
  createPlan(createId: string): CreatePlan | null
  /** The create that the queue of jobs requested by this id; null: none is known. */
  createOfJob(requestId: string): CreateIntent | null
  /** All that it requested by a preset. */
  createsForJobs(presetName: string): readonly CreateIntent[]
  /** Calls back with every create that began, advanced or ended, in order; returns what unsubscribes. */
  onCreate(listener: (create: CreateIntent) => void): () => void
}

/** Of a program that creates nothing. */
const nowhere: CreateStore = {
  journal: { record: () => fail('this program can’t create pods.') },
  earlier: [],
}

/** The creates of one account. See docs/product-rules.md#113-the-create-intent. */
export interface AccountCreation extends CreateRunner {
  readonly requests: CreationRequests
  views(): readonly CreateView[]
}

export function createAccountCreation(context: CreationContext, parts: CreationParts): AccountCreation {
  const { provider, clock, settings, creates: store = nowhere } = context
  const { fleet, spending } = parts
  const listeners = createListeners<[CreateIntent]>()
  /** As last read, for the first check, which must not wait. */
  let limits: AccountLimits | null = null

  async function readLimits(): Promise<void> {
    const read = await provider.readAccountLimits?.()
    if (read?.ok === true) limits = read.value
  }

  function setRules(podId: PodId, newRules: NewPodRules): Result<void, string> {
    const { keepOn, idleAlertAfterMin, autoStopAfterMin, ...rules } = newRules
    const changed = parts.rulesEditor.changePodRules(podId, rules)
    if (!changed.ok) return changed
    const times = {
      ...(idleAlertAfterMin !== undefined && { idleAlertAfterMin }),
      ...(autoStopAfterMin !== undefined && { autoStopAfterMin }),
    }
    // They may contradict settings that changed since, which must not keep the other rules from the pod.
    const timed =
      Object.keys(times).length === 0 ? ok(undefined) : parts.rulesEditor.changePodRules(podId, times)
    if (!timed.ok)
      parts.addNotice(`times ${podId}`, `The idle times of a rebuilt pod were not taken over. ${timed.error}`)
    // A choice for one pod is one for selected pods, as long as nothing else was chosen. It arms no other pod.
    const selects =
      rules.isAutoStopped === true &&
      parts.autoStopMode() === 'undecided' &&
      isOnlyArmed(parts.rulesEditor.podsArmedWith([podId]), podId)
    const selected = selects ? parts.rulesEditor.setAutoStop('ticked') : ok(undefined)
    if (!selected.ok) return selected
    return keepOn === undefined ? ok(undefined) : parts.rulesEditor.keepOn(podId, keepOn)
  }

  function handleChange(create: CreateIntent): void {
    const entry = createEntry(create, clock.now().wallMs)
    if (entry !== null) context.auditLog.record(entry)
    const notice = createNotice(create)
    if (notice !== null) parts.addNotice(`create ${create.id}`, notice)
    const alert = createAlert(create)
    if (alert !== null) parts.announce(alert)
    listeners.notify(create)
    parts.onChange()
  }

  const runner = createCreateRunner(context, store, {
    rules: () => {
      const { gpuRetryMs, gpuRetryMaxMs } = intentRulesOf(settings())
      return { ...defaultCreateRules, gpuRetryMs, gpuRetryMaxMs }
    },
    listedPods: fleet.pods,
    spendingProblem: ({ candidates: [first], mayExceedBudget }) =>
      spendingProblem({ ...spending(), limits }, first?.perHourUsd ?? null, mayExceedBudget),
    async checkLate(plan, candidate) {
      await readLimits()
      return checkLateCreate(provider, plan, candidate, (perHourUsd) =>
        spendingProblem({ ...spending(), limits }, perHourUsd, plan.mayExceedBudget),
      )
    },
    requestPoll: parts.requestPoll,
    setRules,
    stampRequest: fleet.stampRequest,
    onReply: parts.onReply,
    onChange: handleChange,
  })

  const canCreate = (): boolean => provider.createPod !== undefined || provider.createLabPod !== undefined

  return {
    ...runner,
    requests: {
      createPod(plan, environment, isFromCommandLine) {
        if (store === nowhere || !canCreate()) return fail(creationRefusalText.cannotCreate)
        const created = runner.create(plan, environment, isFromCommandLine)
        return created.ok ? ok(created.value.id) : created
      },
      undoCreate: (createId) => runner.undo(createId),
      claimTabs: (createId) => runner.claimTabs(createId),
      createPlan: (createId) => runner.creates().find(({ id }) => id === createId)?.plan ?? null,
      createOfJob: (requestId) =>
        runner.creates().find(({ plan }) => plan.jobRequestId === requestId) ?? null,
      createsForJobs: (presetName) => runner.creates().filter(({ plan }) => plan.presetName === presetName),
      onCreate: listeners.add,
    },
    views: () => createViews(runner.creates(), clock.now()),
  }
}
