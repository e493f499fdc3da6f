import type { Pod, PodAction, PodId } from '../../core/pods/pod'
import type { PodList, Provider, ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { localError } from '../http/local-error'
import { readPages } from '../http/read-pages'
import { createRunpodClient, type RunpodOptions } from './client'
import { createCatalogReads, createTemplateDelete, createVolumeRequests } from './catalog'
import { parseBills } from './parse/parse-bills'
import { createPodWrites } from './pod-writes'
import { createServerlessRequests } from './serverless'
import { createLogStreams } from './logs'
import { detectNoCapacity } from './no-capacity'
import { parsePage } from './parse/parse-page'
import { parseAccountId, parseBalance, parsePod, parseSshKeys, parseStatusChange } from './parse/parse-pod'

/**
 * The Runpod provider: pods through REST v2, balance and account id through GraphQL (Runpod retires it in early
 * 2027; it then answers `gone`).
 */
export function createRunpodProvider(options: RunpodOptions): Provider {
  const client = createRunpodClient(options)
  const { now } = options
  let lastPageCount = 1

  async function listPods(): Promise<Result<PodList, ProviderError>> {
    const list = await readPages(
      (cursor, maxMs) => client.getPage(cursor, maxMs),
      (reply) => parsePage(reply, 'pods'),
      now,
    )
    if (!list.ok) return list
    const pods = new Map<PodId, Pod>()
    let { isComplete } = list.value
    for (const entry of list.value.entries) {
      const pod = parsePod(entry)
      if (pod === null) isComplete = false
      else if (!pods.has(pod.id)) pods.set(pod.id, pod)
    }
    lastPageCount = list.value.pages
    return ok({ pods: [...pods.values()], isComplete })
  }

  async function act(id: PodId, action: PodAction): Promise<Result<Pod | null, ProviderError>> {
    const answer = await client.act(id, action)
    if (!answer.ok && action === 'start') return fail(detectNoCapacity(answer.error))
    return answer.ok && answer.value === undefined ? ok(null) : toRequestedPod(answer, id)
  }

  return {
    listPods,
    getPod: async (id, isForAction) => toRequestedPod(await client.getPod(id, isForAction), id),
    act,
    terminatePod: (id) => act(id, 'terminate'),
    async readBalance() {
      const answer = await client.queryBalance()
      if (!answer.ok) return answer
      const balance = parseBalance(answer.value)
      return balance === null ? fail(localError('unreadable', 'The answer has no balance.')) : ok(balance)
    },
    async readAccountId() {
      const answer = await client.queryAccountId()
      if (!answer.ok) return answer
      const id = parseAccountId(answer.value)
      return id === null ? fail(localError('unreadable', 'The answer has no account id.')) : ok(id)
    },
    async readStatusChange(id) {
      const answer = await client.queryStatusChange(id)
      if (!answer.ok) return answer
      const change = parseStatusChange(answer.value)
      return change === null
        ? fail(localError('unreadable', 'The answer has no change of a status.'))
        : ok(change)
    },
    ...createVolumeRequests(client),
    ...createTemplateDelete(client),
    ...createCatalogReads(client, now),
    ...createServerlessRequests(client, now),
    ...createPodWrites(client),
    ...createLogStreams(client),
    async readBills(kind, fromMs, toMs) {
      const answer = await client.getBills(kind, fromMs, toMs)
      if (!answer.ok) return answer
      const bill = parseBills(kind, answer.value)
      return bill === null ? fail(localError('unreadable', 'The response is not a bill.')) : ok(bill)
    },
    async readSshKeys() {
      const answer = await client.getSshKeys()
      if (!answer.ok) return answer
      const keys = parseSshKeys(answer.value)
      return keys === null
        ? fail(localError('unreadable', 'The response is not a list of SSH keys.'))
        : ok(keys)
    },
    async replaceSshKeys(lines) {
      const answer = await client.putSshKeys(lines)
      return answer.ok ? ok(undefined) : answer
    },
    remainingQuota: () => client.quotaLeft(),
    serverTime: () => client.serverTime(),
    minPollIntervalMs: () => client.readSpacingMs() * lastPageCount,
    observeReplies: (listener) => client.observeReplies(listener),
    abortReads: () => client.abortReads(),
  }
}

/** Accepts only the pod that was requested; any other response is treated as unreadable. */
function toRequestedPod(answer: Result<unknown, ProviderError>, id: PodId): Result<Pod, ProviderError> {
  if (!answer.ok) return answer
  const pod = parsePod(answer.value)
  return pod?.id === id
    ? ok(pod)
    : fail(localError('unreadable', 'The response is not the pod that was asked for.'))
}
