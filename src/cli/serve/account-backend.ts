import { type ApiCaller, mayAccess } from '../../core/pods-api/api-caller'
import type { PodDetails } from '../../core/pods-api/account-details'
import type { ApiBackend, ApiLab, ApiOutcome, ApiPod } from '../../core/pods-api/api-types'
import type { ControlledQueueView } from '../../node/control/queue-control'
import { createForToken, planCreate, priceLimit } from './create-for-token'
import { labActivity } from './lab-activity'
import { monthPodCosts, spentSoFar } from './lab-costs'
import { createExperiments } from './experiments'
import type { Holder } from './holder'
import { changeLabSettings } from './lab-settings'
import { confirmationBody, type PendingConfirmations } from './pending-confirmations'
import {
  documentIdOf,
  findServed,
  podBody,
  type ReadAccount,
  type ServedAccount,
  statusOf,
} from './served-account'
import { serveText } from './serve-text'
import { actForToken, done, refused, toRefusal } from './token-actions'

export interface AccountBackendOptions {
  readonly folder: string
  readonly holder: Holder
  readonly caller: ApiCaller
  /** All accounts. */
  readonly accounts: readonly ServedAccount[]
  /** Those that the caller may access and that could be read. */
  readonly read: readonly ReadAccount[]
  readonly queue: ControlledQueueView | null
  readonly confirmations: PendingConfirmations
  readonly nowMs: () => number
  /** Throws an `ApiUnavailable` for one that could not be read. */
  readonly requireRead: (account: ServedAccount) => ReadAccount
}

interface Found {
  readonly account: ServedAccount
  readonly pod: PodDetails
}

/** The accounts of Podkeeper for one request of a token. */
export function createAccountBackend(options: AccountBackendOptions): ApiBackend {
  const { folder, holder, caller, accounts, read, queue, confirmations, nowMs, requireRead } = options
  const requireAccount = (lab: ApiLab): ServedAccount => {
    const found = accounts.find(({ id }) => id === lab.id)
    if (found === undefined) throw new Error(`there is no account ${lab.id}`)
    return found
  }
  const toPod = (account: ServedAccount, pod: PodDetails): ApiPod => ({
    id: documentIdOf(account, pod),
    labId: account.id,
    status: statusOf(pod),
    body: () => podBody(account, pod),
  })

  /** By document id, or by the id that a cloud gave it. */
  function find(id: string): Found | null {
    const pods = read.flatMap(({ account, details }) => details.pods.map((pod) => ({ account, pod })))
    return (
      pods.find(({ account, pod }) => documentIdOf(account, pod) === id) ??
      pods.find(({ pod }) => pod.id === id) ??
      null
    )
  }

  function requirePod({ id }: ApiPod): Found {
    const found = find(id)
    if (found === null) throw new Error(`there is no pod ${id}`)
    return found
  }

  /** The pod as it is after what was done. */
  async function podAfter({ account, pod }: Found): Promise<PodDetails> {
    const { pods } = await holder.details(account.id)
    return pods.find(({ id }) => id === pod.id) ?? pod
  }

  async function act(found: Found, action: 'start' | 'stop'): Promise<ApiOutcome> {
    const { account, pod } = found
    if (pod.openAction !== null) return refused(409, serveText.underWay(pod.openAction))
    if (!pod.actions.includes(action)) return refused(409, serveText.notAllowed(action, pod.phase))
    const target = { accountId: account.id, podId: pod.id, tokenName: caller.name }
    const progress = await actForToken(holder, target, action)
    if (progress.kind === undefined) return progress
    return done(podBody(account, await podAfter(found)), progress.kind === 'done' ? 200 : 202)
  }

  /** Only a person terminates a pod, so that this asks one. */
  async function askToTerminate(found: Found): Promise<ApiOutcome> {
    const { account, pod } = found
    if (!pod.actions.includes('terminate')) return refused(409, serveText.notAllowed('terminate', pod.phase))
    const asked = {
      accountId: account.id,
      podId: pod.id,
      podName: pod.name,
      message: serveText.confirmTerminate(pod.name, account.name),
    }
    const { confirmation, isNew } = confirmations.open(asked, nowMs())
    if (isNew) {
      const text = serveText.asked.terminate(pod.name)
      const recorded = await holder.ask(account.id, (requests) =>
        requests.recordRequest(caller.name, text, pod.id),
      )
      if (!recorded.ok) return toRefusal(recorded.error)
      const shown = await holder.ask(account.id, (requests) => requests.askInWindow(pod.id, caller.name))
      if (!shown.ok && shown.error.code !== 'failed') return toRefusal(shown.error)
    }
    const body = { ...podBody(account, pod), confirmation: confirmationBody(confirmation, pod, nowMs()) }
    return done(body, 202)
  }

  return {
    labs: () => accounts.filter(({ id }) => mayAccess(caller, id)),
    labBody(lab) {
      const { id, name, slug, hubifyLabId } = requireAccount(lab)
      return {
        id: hubifyLabId ?? id,
        name,
        slug,
        template: 'blank',
        visibility: 'private',
        experiment_count: queue?.jobs.filter(({ spec }) => spec.needs.accountId === id).length ?? 0,
        agent_count: 0,
        created_at: null,
      }
    },
    findLab: (id) => findServed(accounts, id),
    findLabBySlug: (slug) =>
      findServed(
        accounts.filter(({ id }) => mayAccess(caller, id)),
        slug,
      ),
    canAccess: ({ id }) => mayAccess(caller, id),
    pods(lab) {
      const { account, details } = requireRead(requireAccount(lab))
      return [...details.pods]
        .sort((a, b) => (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || a.id.localeCompare(b.id))
        .map((pod) => toPod(account, pod))
    },
    findPod(id) {
      const found = find(id)
      if (found !== null) return toPod(found.account, found.pod)
      // Where an account could not be read, nobody knows that it has no such pod.
      for (const account of accounts) if (mayAccess(caller, account.id)) requireRead(account)
      return null
    },
    ssh: (pod) => requirePod(pod).pod.ssh,
    costs: (lab) => spentSoFar(requireRead(requireAccount(lab)).details),
    monthCosts: (lab, month) => monthPodCosts(folder, requireRead(requireAccount(lab)), month, nowMs()),
    activity: (lab) => labActivity(folder, requireAccount(lab)),
    act: (pod, action) =>
      action === 'terminate' ? askToTerminate(requirePod(pod)) : act(requirePod(pod), action),

    async create(lab, request) {
      const { account, details } = requireRead(requireAccount(lab))
      const limitUsd = priceLimit(caller.maxHourlyUsd, request.maxHourlyUsd)
      if (limitUsd === null) return refused(402, serveText.noLimit)
      const planned = await planCreate(account, details, request, limitUsd, caller.name)
      if (!planned.ok) return planned
      const { plan, environment } = planned
      const progress = await createForToken(holder, account.id, plan, environment)
      if (progress.kind === undefined) return progress
      const labId = account.hubifyLabId ?? account.id
      if (progress.kind === 'created') {
        const { pods } = await holder.details(account.id)
        const pod = pods.find(({ id }) => id === progress.podId)
        if (pod !== undefined) return done(podBody(account, pod), 201)
      }
      const id = progress.kind === 'created' ? `pod_${progress.podId}` : `create_${progress.createId}`
      const { gpuType, gpuCount } = request
      const body = {
        _id: id,
        labId,
        name: plan.name,
        provider: 'runpod',
        gpuType,
        gpuCount,
        status: 'creating',
      }
      return done(body, progress.kind === 'created' ? 201 : 202)
    },

    changeSettings: (lab, changes) =>
      changeLabSettings({ holder, caller, account: requireAccount(lab), accounts, queue }, changes),
    ...createExperiments({ holder, caller, accounts, queue }),

    async confirmation(id) {
      const confirmation = confirmations.find(id)
      if (confirmation === null || !mayAccess(caller, confirmation.accountId))
        return refused(404, serveText.notFound)
      const { details } = requireRead(requireAccount({ id: confirmation.accountId, slug: '' }))
      const pod = details.pods.find((each) => each.id === confirmation.podId) ?? null
      return done(confirmationBody(confirmation, pod, nowMs()))
    },
  }
}
