import { join } from 'node:path'
import { allAuditEntries, type ListedAuditEntry } from '../../../core/audit-log/audit-log'
import { findAuditEntries, readAuditPage } from '../../../core/audit-log/audit-page'
import { type ApiCaller, mayAccess } from '../../../core/pods-api/api-caller'
import type { ApiPodDetails } from '../../../core/pods-api/account-details'
import type { ApiKeepOn } from '../../../core/pods-api/api-schemas'
import type { ApiBackend, ApiLab, ApiOutcome, ApiPod } from '../../../core/pods-api/api-types'
import type { ControlRefusal } from '../../control/control-requests'
import type { ControlledQueueView } from '../../control/queue-control'
import { auditLines } from '../../data-folder/records/audit-log-files'
import { createForToken, planCreate, priceLimit } from './create-for-token'
import { monthPodCosts, spentSoFar } from './lab-costs'
import { createExperiments } from './experiments'
import type { Holder } from './holder'
import { changeLabSettings } from './lab-settings'
import { confirmationBody, type PendingConfirmations } from './pending-confirmations'
import {
  documentIdOf,
  type FoundApiPod,
  findServed,
  obstacleBody,
  podBody,
  type ReadAccount,
  type ServedAccount,
  statusOf,
} from './served-account'
import { serveText } from './serve-text'
import { actForToken, createPodChanges, done, keepOnForToken, refused, toRefusal } from './token-actions'

const MAX_ENTRIES = 200

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

/** The accounts of Podkeeper for one request of a token. */
export function createAccountBackend(options: AccountBackendOptions): ApiBackend {
  const { folder, holder, caller, accounts, read, queue, confirmations, nowMs, requireRead } = options
  const ownAccounts = accounts.filter(({ id }) => mayAccess(caller, id))
  const experiments = createExperiments({ holder, caller, accounts: ownAccounts, queue, nowMs })
  const requireAccount = (lab: ApiLab): ServedAccount => {
    const found = accounts.find(({ id }) => id === lab.id)
    if (found === undefined) throw new Error(`there is no account ${lab.id}`)
    return found
  }
  const toPod = (account: ServedAccount, pod: ApiPodDetails): ApiPod => ({
    id: documentIdOf(account, pod),
    labId: account.id,
    status: statusOf(pod),
    body: () => podBody(account, pod),
  })

  const readPods: readonly FoundApiPod[] = read.flatMap(({ account, details }) =>
    details.pods.map((pod) => ({ account, pod })),
  )

  /** By document id, or by the id that a cloud gave it. Where several have it, none is meant for certain. */
  function find(id: string): FoundApiPod | null {
    const named = readPods.filter(({ account, pod }) => documentIdOf(account, pod) === id)
    const [found, ...others] = named.length > 0 ? named : readPods.filter(({ pod }) => pod.id === id)
    return found === undefined || others.length > 0 ? null : found
  }

  function requirePod({ id, labId }: ApiPod): FoundApiPod {
    const found = readPods.find(
      ({ account, pod }) => account.id === labId && documentIdOf(account, pod) === id,
    )
    if (found === undefined) throw new Error(`there is no pod ${id}`)
    return found
  }

  /** The pod after something was done, so that a failure to read it is none of that. Null: it isn't listed, or unread. */
  async function podAfter(account: ServedAccount, podId: string): Promise<ApiPodDetails | null> {
    const details = await holder.details(account.id).catch(() => null)
    return details?.pods.find(({ id }) => id === podId) ?? null
  }

  const podChanges = createPodChanges(holder, caller.name, podAfter)

  const targetOf = ({ account, pod }: FoundApiPod) => ({
    accountId: account.id,
    podId: pod.id,
    podName: pod.name,
    tokenName: caller.name,
  })

  async function act(found: FoundApiPod, action: 'start' | 'stop'): Promise<ApiOutcome> {
    const { account, pod } = found
    if (pod.openAction !== null) return refused(409, serveText.underWay(pod.openAction))
    if (!pod.actions.includes(action)) return refused(409, serveText.notAllowed(action, pod.phase))
    const target = targetOf(found)
    const progress = await actForToken(holder, target, action)
    if (progress.kind === undefined) return progress
    const after = (await podAfter(account, pod.id)) ?? pod
    return done(podBody(account, after), progress.kind === 'done' ? 200 : 202)
  }

  async function keepOn(found: FoundApiPod, choice: ApiKeepOn): Promise<ApiOutcome> {
    const { account, pod } = found
    const kept = await keepOnForToken(holder, targetOf(found), choice)
    if (!kept.ok) return toRefusal(kept.error)
    return done(podBody(account, (await podAfter(account, pod.id)) ?? pod))
  }

  /** Null: it was written down, and a person can answer, at least on the command line. */
  async function askPerson({ account, pod }: FoundApiPod): Promise<ControlRefusal | null> {
    const text = serveText.asked.termination(pod.name)
    const recorded = await holder.ask(account.id, (requests) =>
      requests.recordRequest(caller.name, text, pod.id),
    )
    if (!recorded.ok) return recorded.error
    const shown = await holder.ask(account.id, (requests) => requests.askInWindow(pod.id, caller.name))
    return shown.ok || shown.error.code === 'failed' ? null : shown.error
  }

  /** Only a person terminates a pod, so that this asks one. */
  async function askToTerminate(found: FoundApiPod): Promise<ApiOutcome> {
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
      // Where nobody was asked, the next request asks.
      const problem = await askPerson(found).catch((cause: unknown) => {
        confirmations.forget(confirmation.id)
        throw cause
      })
      if (problem !== null) {
        confirmations.forget(confirmation.id)
        return toRefusal(problem)
      }
    }
    const body = { ...podBody(account, pod), confirmation: confirmationBody(confirmation, pod, nowMs()) }
    return done(body, 202)
  }

  return {
    labs: () => ownAccounts,
    labBody(lab) {
      const account = requireAccount(lab)
      const { id, name, slug, hubifyLabId } = account
      const details = read.find((each) => each.account.id === id)?.details
      const count = queue === null || caller.podNames !== null ? null : experiments.count(lab)
      return {
        id: hubifyLabId ?? id,
        name,
        slug,
        template: 'blank',
        visibility: 'private',
        ...(count !== null && { experiment_count: count + (details?.queuedExperiments ?? 0) }),
        ...(details && {
          obstacles: details.obstacles.map((one) => obstacleBody(account, one)),
          autoStop: details.autoStop,
        }),
        agent_count: 0,
        created_at: null,
      }
    },
    // Another account that is called the same is never in the way, nor does it show.
    findLab: (id) => findServed(ownAccounts, id),
    findLabBySlug: (slug) => findServed(ownAccounts, slug),
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
      for (const account of ownAccounts) requireRead(account)
      return null
    },
    ssh: (pod) => requirePod(pod).pod.ssh,
    costs: (lab) => spentSoFar(requireRead(requireAccount(lab)).details),
    monthCosts: (lab, month) => monthPodCosts(folder, requireRead(requireAccount(lab)), month, nowMs()),
    activity: (lab) => labActivity(folder, requireAccount(lab)),
    act: (pod, action) =>
      action === 'terminate' ? askToTerminate(requirePod(pod)) : act(requirePod(pod), action),

    keepOn: (pod, choice) => keepOn(requirePod(pod), choice),
    podRules: (pod) => podChanges.rules(requirePod(pod)),
    changePodRules: (pod, changes) => podChanges.changeRules(requirePod(pod), changes),
    podGuard: (pod) => podChanges.guard(requirePod(pod)),
    changePodGuard: (pod, change) => podChanges.changeGuard(requirePod(pod), change),

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
        const pod = await podAfter(account, progress.podId)
        if (pod !== null) return done(podBody(account, pod), 201)
      }
      const id =
        progress.kind === 'created'
          ? documentIdOf(account, { id: progress.podId })
          : `create_${progress.createId}`
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
    ...experiments,

    async confirmation(id) {
      const confirmation = confirmations.find(id)
      if (confirmation === null || !mayAccess(caller, confirmation.accountId))
        return refused(404, serveText.notFound)
      const { details } = requireRead(requireAccount({ id: confirmation.accountId, slug: '' }))
      const pod = details.pods.find((each) => each.id === confirmation.podId) ?? null
      if (pod === null && caller.podNames !== null) return refused(404, serveText.notFound)
      return done(confirmationBody(confirmation, pod, nowMs()))
    },
  }
}

/** What happened in an account lately, from its activity log, the newest first. */
function labActivity(folder: string, { id, hubifyLabId }: ServedAccount): readonly unknown[] {
  const log = {
    page: (before: number | null, filter: typeof allAuditEntries, entries: number) =>
      readAuditPage((from) => auditLines(join(folder, 'activity'), from), before, filter, { entries }),
  }
  const found: ListedAuditEntry[] = []
  for (const entries of findAuditEntries(log, { ...allAuditEntries, accountId: id })) {
    found.push(...entries)
    if (found.length >= MAX_ENTRIES) break
  }
  return found
    .sort((a, b) => b.seq - a.seq)
    .slice(0, MAX_ENTRIES)
    .map(({ seq, kind, what, text, podId, atMs, computer }) => ({
      _id: `activity-${seq}`,
      labId: hubifyLabId ?? id,
      type: `${kind}.${what.replaceAll(' ', '-')}`,
      message: text,
      podId: podId === null || hubifyLabId !== null ? podId : `pod_${podId}`,
      createdAt: Math.round(atMs),
      ...(computer !== undefined && { computer }),
    }))
}
