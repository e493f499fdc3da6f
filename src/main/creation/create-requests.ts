import { newPodQuestion } from '../../core/confirmation/new-pod-question'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { longestElapsedMs, MINUTE_MS } from '../../core/base/time/time'
import type { CreatePlan } from '../../core/creation/create-plan'
import { accountContext, takenNames } from '../../core/creation/form/account-context'
import { evaluateForm } from '../../core/creation/form/evaluate-form'
import { planForm } from '../../core/creation/form/plan-form'
import { hasOwnKey, type PodForm } from '../../core/creation/form/pod-form'
import { copiedEnvironment, rebuildForm, replacementPlan } from '../../core/creation/form/rebuild'
import { catalogQueryOf, staleCatalogText } from '../../core/creation/form/read-catalog'
import type { Monitor } from '../../core/monitor/monitor-types'
import { accountOperations } from '../../core/operations/account-operations'
import type { PodRules } from '../../core/pod-rules/pod-rules'
import { type AccountId, parsePodKey, type PodKey, podKeyOf } from '../../core/pods/pod'
import type { Environment } from '../../core/pods/pod-request'
import type { Provider } from '../../core/pods/provider'
import type { HandlersOf } from '../../shared/ipc'
import type {
  CreatePodAnswer,
  CreateRequests,
  PrefilledForm,
  PresetRequests,
  ReplacedPod,
} from '../../shared/requests/pod/create-requests'
import type { Ssh } from '../../ssh/create-ssh'
import { createFormCatalogs } from './form-catalogs'
import { accountText } from '../account/account-text'
import { creationText } from './creation-text'
import { creationRefusalText } from '../../core/creation/refusal-text'

export interface PodCreateRequestsOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Null unless that account is connected. The same for `monitor`. */
  readonly provider: (accountId: AccountId) => Provider | null
  readonly monitor: (accountId: AccountId) => Monitor | null
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
  readonly ask: Ask
  /** See `Terminals.tabNames`. */
  readonly tabNames: (podKey: PodKey) => readonly (string | null)[]
  readonly ssh: Pick<Ssh, 'getKeysView' | 'generatePodKey' | 'removePodKey'>
  readonly newId: () => string
}

/** A question that is answered later than this is checked anew. */
const ANSWER_FRESH_MS = 5 * MINUTE_MS
/** Of the pods that were looked at last. */
const MAX_COPIES = 20

/** Requests about new pods. See docs/product-rules.md#11-creating-and-rebuilding-pods. */
export function createPodCreateRequests(
  options: PodCreateRequestsOptions,
): HandlersOf<Omit<CreateRequests, keyof PresetRequests>> {
  const { provider, monitor, ask, newId } = options
  const catalogs = createFormCatalogs(options.clock)
  /** Variables of pods, by id. They never enter a window. */
  const copies = new Map<string, { readonly accountId: AccountId; readonly values: Environment }>()

  function keepCopy(accountId: AccountId, values: Environment): PrefilledForm['copied'] {
    const names = Object.keys(values)
    if (names.length === 0) return null
    const id = newId()
    copies.set(id, { accountId, values })
    for (const old of [...copies.keys()].slice(0, -MAX_COPIES)) copies.delete(old)
    return { id, names }
  }

  async function formOfPod(podKey: PodKey): Promise<Result<PrefilledForm, string>> {
    const { accountId, podId } = parsePodKey(podKey)
    const read = await provider(accountId)?.readPodConfiguration?.(podId)
    const account = monitor(accountId)
    if (read === undefined || account === null) return fail(creationText.cannotCopy)
    if (!read.ok) return fail(read.error.message)
    const { environment: _, ...configuration } = read.value
    const values = copiedEnvironment(read.value)
    const names = takenNames(account.accountPods().pods, account.snapshot().creates)
    return ok({
      form: rebuildForm(read.value, names),
      copied: values === null ? null : keepCopy(accountId, values),
      configuration,
      environmentProblem: values === null ? creationText.variablesHidden : null,
    })
  }

  function formOfCreate(accountId: AccountId, createId: string): Result<PrefilledForm, string> {
    const plan = monitor(accountId)?.createPlan(createId) ?? null
    const form = plan === null ? null : planForm(plan)
    if (form === null) return fail(creationRefusalText.requestUnknown)
    const replaces =
      plan?.replacesPodId === undefined
        ? null
        : { podKey: podKeyOf(accountId, plan.replacesPodId), isTakenOver: plan.terminalTabs !== undefined }
    return ok({
      form,
      copied: null,
      configuration: null,
      environmentProblem: null,
      ...(replaces !== null && { replaces }),
    })
  }

  /** A key for the pod alone, where it is to have one; it is on the disk before anything is sent. */
  async function ownKeyFor(form: PodForm): Promise<Result<Pick<CreatePlan, 'ownKey'>, string>> {
    if (!hasOwnKey(form)) return ok({})
    const runId = newId()
    const key = await options.ssh.generatePodKey(runId)
    return key.ok ? ok({ ownKey: { runId, publicKey: key.value } }) : key
  }

  function replacing(plan: CreatePlan, { podKey, isTakenOver }: ReplacedPod, rules: PodRules): CreatePlan {
    const taken = isTakenOver ? { rules, tabNames: options.tabNames(podKey) } : null
    return replacementPlan(plan, parsePodKey(podKey).podId, taken)
  }

  async function createPod(
    accountId: AccountId,
    form: PodForm,
    copiedId: string | null,
    replaces: ReplacedPod | null,
    draftId: string,
  ): Promise<Result<CreatePodAnswer, string>> {
    const [source, account] = [provider(accountId), monitor(accountId)]
    if (source === null || account === null) return fail(accountText.notConnected)
    const copy = copiedId === null ? undefined : copies.get(copiedId)
    if (copiedId !== null && copy === undefined) return fail(creationText.variablesNotKept)
    if (copy !== undefined && copy.accountId !== accountId) return fail(creationText.variablesOfOther)
    if (replaces !== null && parsePodKey(replaces.podKey).accountId !== accountId)
      return fail(creationText.replacedInOther)
    const evaluate = async () => {
      const { catalog, readAtMs } = await catalogs.read(
        source,
        catalogQueryOf(form, form.templateId !== null),
        false,
      )
      const context = accountContext(catalog, account.snapshot())
      return { ...evaluateForm(form, context, copy?.values), catalog, readAtMs }
    }
    const { plan, problems, environment, warnings, money, catalog, readAtMs } = await evaluate()
    if (plan === null) return ok({ kind: 'refused', problems })
    const replaced = account.snapshot().pods.find(({ key }) => key === replaces?.podKey)
    // Without its rules the new pod could be stopped where the old one never is.
    if (replaces?.isTakenOver === true && replaced === undefined) return fail(creationText.replacedGone)
    const whole = replaces === null ? plan : replacing(plan, replaces, replaced?.guard.rules ?? {})
    const askedAt = options.clock.now()
    const stale = staleCatalogText(readAtMs, askedAt.wallMs)
    const question = newPodQuestion({
      plan: whole,
      replacedName: replaces && (replaced?.name ?? parsePodKey(replaces.podKey).podId),
      hasOwnKey: hasOwnKey(form),
      template: catalog.templates.find(({ id }) => id === form.templateId) ?? null,
      // What money needs to be known, the question says in its own lines.
      warnings: [
        ...warnings.filter((warning) => !money.warnings.includes(warning)),
        ...(stale === null ? [] : [stale]),
      ],
      accountName: options.nameOf(accountId),
    })
    const asked = await askWhether(ask, question)
    if (!asked.ok) return asked
    if (!asked.value) return ok({ kind: 'declined' })
    // An old answer does not confirm what it costs now.
    if (
      longestElapsedMs(askedAt, options.clock.now()) > ANSWER_FRESH_MS &&
      JSON.stringify((await evaluate()).plan) !== JSON.stringify(plan)
    )
      return fail(creationText.pricesChanged)
    // The account may have been paused or removed, or its key replaced, while the question was open.
    const current = monitor(accountId)
    if (current !== account) return fail(creationText.accountChanged)
    const key = await ownKeyFor(form)
    if (!key.ok) return fail(creationText.keyNotMade(key.error))
    const created = accountOperations(current).createPod({ ...whole, draftId, ...key.value }, environment)
    if (!created.ok && key.value.ownKey !== undefined) await options.ssh.removePodKey(key.value.ownKey.runId)
    return created.ok ? ok({ kind: 'created', createId: created.value }) : created
  }

  return {
    async podCatalog(accountId, query, isRefreshed) {
      const source = provider(accountId)
      if (source === null) return fail(accountText.notConnected)
      if (source.createPod === undefined) return fail(creationRefusalText.cannotCreate)
      return ok(await catalogs.read(source, query, isRefreshed))
    },
    prefilledForm: async (source) =>
      source.kind === 'pod' ? formOfPod(source.podKey) : formOfCreate(source.accountId, source.createId),
    createPod,
    cancelCreate: (accountId, createId) =>
      monitor(accountId)?.undoCreate(createId) ?? fail(accountText.notConnected),
    async accountSshKeys(accountId) {
      const source = provider(accountId)
      if (source === null) return fail(accountText.notConnected)
      const target = { accountId, podId: '', startedAtMs: null, ssh: { direct: null, proxy: null } }
      const { local, canRegister } = await options.ssh.getKeysView(source, target)
      return ok({ local, canRegister })
    },
  }
}
