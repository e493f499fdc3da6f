import type { AuditEntry } from '../../core/audit-log/audit-log'
import { labSettingsEntry } from '../../core/audit-log/lab-audit'
import { serverLinkEntry } from '../../core/audit-log/server-link-audit'
import { approvalQuestion, approvalText, waitingText } from '../../core/pods-api/access/approval-request'
import type { Approvals, OpenApproval } from '../../core/pods-api/access/approvals'
import { refusedEntry } from '../../core/pods-api/access/refused-requests'
import { podNotListedText } from '../../core/pods/pod'
import { tokenEntry } from '../../core/pods-api/token-questions'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { FolderHealth } from '../../core/monitor/folder-health'
import type { Monitor } from '../../core/monitor/monitor-types'
import { isStopSafe } from '../../core/pods/data-impact'
import type { NextStopsOptions } from '../../core/view/stops/next-stops'
import { toAccountDetails } from '../../core/pods-api/account-details'
import type { ApiControlRequests, ShownApproval } from './api-control'
import { changePodGuard } from '../../core/pod-guard/pod-guard-change'
import {
  changedGuardText,
  changedRulesText,
  tokenGuardProblem,
  tokenRulesProblem,
} from '../../core/pods-api/access/token-pod-changes'
import type { PodView } from '../../core/view/snapshot'
import type { ControlActions, ControlRefusal } from './control-requests'

export interface ApiHandlerOptions {
  readonly ownMonitor: () => Monitor | null
  /** Runs a request that begins an action on the pod, whose steps follow. */
  readonly act: (
    podId: string,
    request: (monitor: Monitor) => Result<void, string>,
  ) => Promise<Result<void, ControlRefusal | string>>
  readonly waitForFirstPoll: (monitor: Monitor) => Promise<void>
  readonly askInWindow: ((podId: string, tokenName: string) => Promise<Result<void, string>>) | undefined
  readonly noAccount: ControlRefusal
  /** Whom sudo names. */
  readonly person: string | undefined
  readonly host: {
    readonly clock: Clock
    readonly settings: () => NextStopsOptions['settings']
    readonly hasHistory: boolean
    readonly record: (entry: AuditEntry) => void
    readonly health?: () => FolderHealth | null
    readonly approvals?: Approvals
  }
}

/** Carries out what the Pods API and agents ask of an account. */
export function createApiHandlers(
  options: ApiHandlerOptions,
): Pick<ControlActions, keyof ApiControlRequests> {
  const { ownMonitor, noAccount, host } = options
  const { approvals } = host

  /** It is in the activity log before it is done. `plan`: a sentence says why it may not be. */
  async function forToken(
    podId: string,
    name: string,
    plan: (monitor: Monitor, pod: PodView) => TokenChange | string,
  ): Promise<Result<void, ControlRefusal | string>> {
    const monitor = ownMonitor()
    if (monitor === null) return fail(noAccount)
    const pod = monitor.snapshot().pods.find(({ id }) => id === podId)
    if (pod === undefined) return fail(podNotListedText)
    const planned = plan(monitor, pod)
    if (typeof planned === 'string') return fail(planned)
    const recorded = monitor.recordRequest(name, planned.what, podId)
    return recorded.ok ? await planned.run() : recorded
  }

  return {
    async requestApproval(agent, accountName, request) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      if (approvals === undefined) return fail(nobodyToAsk)
      const { pods } = monitor.accountPods()
      const question = approvalQuestion(request, { agent, accountName, pods })
      if (question === null) return fail(podNotListedText)
      const podId = request.kind === 'start' ? request.podId : null
      const what = approvalText(request, pods.find(({ id }) => id === podId)?.name ?? '')
      const recorded = monitor.recordRequest(agent, waitingText(what), podId)
      if (!recorded.ok) return recorded
      return approvals.request({ agent, accountId: monitor.listing.accountId, podId, what, question })
    },
    takeApproval: async (agent, id) => ok(approvals?.take(agent, id) ?? 'gone'),
    approvals: async () => ok((approvals?.open() ?? []).map(toShown)),
    async answerApproval(id, isAgreed) {
      const answered = approvals?.answer(id, isAgreed) ?? fail(nobodyToAsk)
      return answered.ok ? ok(undefined) : answered
    },
    async accountDetails() {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      await options.waitForFirstPoll(monitor)
      return ok(toAccountDetails(monitor, { settings: host.settings(), hasHistory: host.hasHistory }))
    },
    async health() {
      const health = host.health?.() ?? null
      return health === null ? fail(noAccount) : ok(health)
    },
    actForToken: (podId, action, name) =>
      options.act(podId, (monitor) => {
        const pod = monitor.snapshot().pods.find(({ id }) => id === podId)
        // A person confirms the loss of data, and nobody else.
        if (action === 'stop' && pod !== undefined && !isStopSafe(pod.stopImpact))
          return fail(
            `Stopping ${pod.name} may lose all its data, so only a person may do it: podkeeper stop`,
          )
        return monitor.act(podId, action, { isImmediate: true, tokenName: name })
      }),
    changeRulesForToken: (podId, changes, name) =>
      forToken(podId, name, (monitor, pod) => {
        const problem = tokenRulesProblem(pod, changes)
        return problem === null
          ? { what: changedRulesText(pod.name), run: async () => monitor.changePodRules(podId, changes) }
          : problem
      }),
    changeGuardForToken: (podId, change, name) =>
      forToken(podId, name, (monitor, pod) => {
        const problem = tokenGuardProblem(pod, change)
        return problem === null
          ? {
              what: changedGuardText(pod.name, change),
              run: () => changePodGuard(monitor, podId, change),
            }
          : problem
      }),
    async recordRequest(name, text, podId) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      return monitor.recordRequest(name, text, podId)
    },
    async recordTokenEvent(event, name, scopes) {
      host.record(tokenEntry({ name, scopes }, event, host.clock.now().wallMs))
      return ok(undefined)
    },
    async recordLabChange(accountId, accountName, changes) {
      host.record(labSettingsEntry(accountId, accountName, changes, host.clock.now().wallMs))
      return ok(undefined)
    },
    async recordServerLink(change) {
      const by = { isFromCommandLine: true, person: options.person }
      host.record(serverLinkEntry(change, by, host.clock.now().wallMs))
      return ok(undefined)
    },
    async recordRefused(refused) {
      host.record(refusedEntry(refused, host.clock.now().wallMs))
      return ok(undefined)
    },
    async askInWindow(podId, name) {
      if (ownMonitor() === null) return fail(noAccount)
      if (options.askInWindow === undefined) return ok(false)
      const asked = await options.askInWindow(podId, name)
      return asked.ok ? ok(true) : asked
    },
  }
}

interface TokenChange {
  /** A clause to follow "requested". */
  readonly what: string
  readonly run: () => Promise<Result<void, string>>
}

const nobodyToAsk = 'That Podkeeper watches nothing, so no agent waits for an answer there.'

const toShown = ({ id, question: { text } }: OpenApproval): ShownApproval => ({
  id,
  title: text.title,
  lines: text.lines.map((line) => line.text),
  script: text.script ?? null,
})
