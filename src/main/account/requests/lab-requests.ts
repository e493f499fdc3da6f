import { labPodQuestion, webAppQuestion } from '../../../core/confirmation/account-questions'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { AuditEntry } from '../../../core/audit-log/audit-log'
import { labSettingsEntry } from '../../../core/audit-log/lab-audit'
import { fail, ok, type Result } from '../../../core/base/result'
import type { CreateIntent } from '../../../core/creation/create-intent'
import type { CreatePlan } from '../../../core/creation/create-plan'
import { labPlan } from '../../../core/creation/lab-plan'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { environmentLinesIn, labPodProblem, parseEnvironment } from '../../../core/pods/labs/lab-pod-spec'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { HandlersOf } from '../../../shared/ipc'
import type { CreatedLabPod, LabRequestsOfWindows } from '../../../shared/requests/lab-requests'
import { parseExternalUrl, parseWebAppUrl } from '../../hardening/external-url'
import { accountText, requestsText } from '../account-text'
import type { Environment, LabPodChoice } from '../../../core/pods/pod-request'

export interface LabRequestsOptions {
  readonly provider: (accountId: AccountId) => Provider | null
  /** What a person calls the account. */
  readonly nameOf: (accountId: AccountId) => string
  readonly monitor: (accountId: AccountId) => Monitor | null
  /** What the API offers may have changed with a reply. */
  readonly republish: () => void
  readonly ask: Ask
  readonly openInBrowser: (address: string) => Promise<void>
  readonly readClipboard: () => Promise<string>
  readonly record: (entry: AuditEntry) => void
  /** While another process acts on this data folder, nothing is created or changed here. */
  readonly mayWrite: () => Result<void, string>
  readonly newId: () => string
  readonly nowMs: () => number
}

/** Requests about a lab of Hubify. See docs/product-rules.md#122-hubify. */
export function createLabRequests(options: LabRequestsOptions): HandlersOf<LabRequestsOfWindows> {
  const { provider, ask } = options
  let pasted: { readonly id: string; readonly values: Readonly<Record<string, string>> } | null = null

  async function openWebApp(accountId: AccountId): Promise<Result<void, string>> {
    const fallback = provider(accountId)?.webFallback?.()
    if (fallback === undefined) return fail(requestsText.noWebApp)
    const own = parseExternalUrl(fallback.url)
    const url = own.ok ? own : parseWebAppUrl(fallback.url)
    if (!url.ok) return url
    if (!own.ok) {
      const { host } = new URL(url.value)
      const asked = await askWhether(ask, webAppQuestion(host, options.nameOf(accountId)))
      if (!asked.ok || !asked.value) return asked.ok ? ok(undefined) : asked
    }
    await options.openInBrowser(url.value)
    return ok(undefined)
  }

  async function createLabPod(
    accountId: AccountId,
    choice: LabPodChoice,
    environmentId: string | null,
  ): Promise<Result<CreatedLabPod, string>> {
    const problem = labPodProblem(choice)
    if (problem !== null) return fail(problem)
    if (environmentId !== null && environmentId !== pasted?.id) return fail(requestsText.variablesNotKept)
    const environment = environmentId === null ? {} : (pasted?.values ?? {})
    const name = options.nameOf(accountId)
    const asked = await askWhether(ask, labPodQuestion(name, choice, Object.keys(environment)))
    if (!asked.ok) return asked
    if (!asked.value) return ok({ kind: 'declined' })
    const permission = options.mayWrite()
    if (!permission.ok) return permission
    // The account may have been paused or removed meanwhile.
    const current = options.monitor(accountId)
    if (current === null) return fail(requestsText.labNotWatchedForCreate)
    const plan = labPlan(choice, environment, options.newId().slice(0, 6))
    const created = await settleCreate(current, plan, environment)
    options.republish()
    if (!created.ok) return created
    pasted = null
    return ok({ kind: 'created' })
  }

  return {
    async changeLabSettings(accountId, changes) {
      const current = provider(accountId)
      if (current?.changeLabSettings === undefined) return fail(requestsText.labNotWatched)
      const permission = options.mayWrite()
      if (!permission.ok) return permission
      const changed = await current.changeLabSettings(changes)
      options.republish()
      if (!changed.ok) return fail(changed.error.message)
      options.record(labSettingsEntry(accountId, options.nameOf(accountId), changes, options.nowMs()))
      return changed
    },
    openWebApp,
    async pasteEnvironment() {
      pasted = null
      const text = await options.readClipboard()
      const environment = parseEnvironment(environmentLinesIn(text.split(/\r?\n/)))
      if (!environment.ok) return environment
      const names = Object.keys(environment.value)
      if (names.length === 0) return fail(requestsText.noVariables)
      pasted = { id: options.newId(), values: environment.value }
      return ok({ id: pasted.id, names })
    },
    createLabPod,
  }
}

/**
 * Creates a pod, and resolves once it was accepted, or will not be made. A create whose answer is not clear goes on
 * after that, and its error says so.
 */
function settleCreate(
  monitor: Pick<Monitor, 'createPod' | 'onCreate'>,
  plan: CreatePlan,
  environment: Environment,
): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    let id: string | null = null
    const unsubscribe = monitor.onCreate((create) => {
      if (create.id === id) finish(outcomeOf(create))
    })
    function finish(outcome: Result<void, string> | null): void {
      if (outcome === null) return
      unsubscribe()
      resolve(outcome)
    }
    const created = monitor.createPod(plan, environment, false)
    if (created.ok) id = created.value
    else finish(created)
  })
}

/** Null: it is not known yet. */
function outcomeOf({ phase, message, isUnclear }: CreateIntent): Result<void, string> | null {
  switch (phase) {
    case 'accepted':
    case 'observed':
      return ok(undefined)
    case 'failed':
    case 'cancelled':
    case 'did-not-happen':
      return fail(message ?? accountText.notCreated)
    default:
      return isUnclear ? fail(accountText.createUnclear(message ?? '')) : null
  }
}
