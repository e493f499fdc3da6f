import type { Pod, PodId } from '../../core/pods/pod'
import type {
  LabSettings,
  PodList,
  Provider,
  ProviderError,
  QueuedExperiment,
  WebFeature,
} from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { byPriority } from '../../core/pods/labs/experiment-fit'
import { labPodProblem } from '../../core/pods/labs/lab-pod-spec'
import { type Instant, SECOND_MS } from '../../core/base/time/time'
import type { LabPodSpec } from '../../core/pods/pod-request'
import type { HttpClient } from '../http/http-client'
import { localError } from '../http/local-error'
import { detectNoCapacity } from '../runpod/no-capacity'
import type { AnnouncedRoute } from './announced-routes'
import { hideEnvironment } from '../wire/hide-environment'
import type { LabClient } from './lab-client'
import { type ListedPods, readPodList } from './pod-list'
import { MAX_QUEUED, parseQueuedExperiment, parseSettings, parseSpending } from './parse-lab'
import { parsePod, type PodContext, podIdOf } from './parse-pod'
import type { PodDetailsReader } from './pod-details'
import type { PollShare } from './quota/poll-share'
import { type Fields, parseListPage, unwrapObject } from './wire-shape'

export interface LabProviderOptions {
  readonly labId: string
  readonly client: LabClient
  readonly http: HttpClient
  readonly details: PodDetailsReader
  readonly polls: PollShare
  /** Whether this id is that of another lab of the key. */
  readonly isOtherLab: (labId: string) => boolean
  /** The origin of the API, where the web app is too. */
  readonly webUrl: string
  readonly now: () => Instant
}

/** Pods that are missing from the latest list are looked for one after the other, in one more list for all. */
const LOOKUP_VALID_MS = 10 * SECOND_MS
const MAX_QUEUE_PAGES = 3

const routesOfFeatures: Readonly<Record<WebFeature, AnnouncedRoute>> = {
  ssh: 'ssh',
  terminate: 'terminate',
  restart: 'restart',
  'idle-settings': 'settings',
  create: 'create',
}

/** The provider of one Hubify lab. See docs/product-rules.md#122-hubify. */
export function createLabProvider(options: LabProviderOptions): Provider {
  const { labId, client, http, details, polls, isOtherLab, webUrl, now } = options
  /** As last listed, for replies that name only a part of a pod. */
  let listed: ReadonlyMap<PodId, Fields> = new Map()
  let hasListedSsh = false
  let lookup: { readonly atMs: number; readonly list: ListedPods } | null = null

  const context = (): PodContext => ({
    canTerminate: client.isOffered('terminate'),
    wallMs: now().wallMs,
  })

  const readList = (isForAction = false): Promise<Result<ListedPods, ProviderError>> =>
    readPodList((cursor, maxMs) => client.getPods(cursor, maxMs, isForAction), isOtherLab, now)

  async function listPods(): Promise<Result<PodList, ProviderError>> {
    lookup = null
    const list = await readList()
    if (!list.ok) {
      polls.onPoll(labId, 1)
      return list
    }
    listed = list.value.pods
    const running = [...listed].flatMap(([id, fields]) => {
      const pod = parsePod(fields, context())
      return pod?.phase === 'running' ? [{ id, fields, hasSsh: pod.ssh.direct !== null }] : []
    })
    hasListedSsh = running.some(({ hasSsh }) => hasSsh)
    const more = await details.read(running)
    polls.onPoll(labId, list.value.pages + details.expectedRequests(running.length))
    const pods = [...listed].map(([id, fields]) => parsePod(merge(fields, more.get(id)), context()))
    return ok({ pods: pods.filter((pod) => pod !== null), isComplete: list.value.isComplete })
  }

  /**
   * Looks for the pod in a fresh list, since what is decided about it may depend on this moment. Only a complete list
   * without it says that it doesn't exist.
   */
  async function findPod(id: PodId, isForAction?: boolean): Promise<Result<Pod, ProviderError>> {
    const atMs = now().monotonicMs
    const isKnownMissing = lookup !== null && lookup.list.isComplete && !lookup.list.pods.has(id)
    if (lookup === null || !isKnownMissing || atMs - lookup.atMs >= LOOKUP_VALID_MS) {
      const list = await readList(isForAction)
      if (!list.ok) return list
      lookup = { atMs, list: list.value }
    }
    const { pods, isComplete } = lookup.list
    const fields = pods.get(id)
    const pod = fields === undefined ? null : parsePod(withSsh(id, fields), context())
    if (pod !== null) return ok(pod)
    return isComplete
      ? fail(localError('not-found', 'The lab has no such pod.'))
      : fail(localError('unreadable', 'The list of pods is not complete.'))
  }

  async function getPod(id: PodId, isForAction?: boolean): Promise<Result<Pod, ProviderError>> {
    if (client.isOffered('detail')) {
      const answer = await client.getPod(id, undefined, isForAction)
      if (answer.ok) {
        const fields = unwrapObject(answer.value, 'pod')
        const pod = fields !== null && podIdOf(fields) === id ? parseMerged(id, fields) : null
        return pod === null
          ? fail(localError('unreadable', 'The response is not the pod that was asked for.'))
          : ok(pod)
      }
      if (answer.error.kind !== 'gone') return answer
    }
    return findPod(id, isForAction)
  }

  async function act(
    id: PodId,
    action: 'start' | 'stop' | 'restart' | 'terminate',
  ): Promise<Result<Pod | null, ProviderError>> {
    lookup = null
    polls.onAction(labId)
    const answer = await client.act(id, action)
    // A list that was requested before the answer may show the pod as it was.
    lookup = null
    details.forget(id)
    if (answer.ok) return podOfReply(answer.value, id)
    return fail(action === 'start' ? detectNoCapacity(answer.error) : answer.error)
  }

  /**
   * The pod in the reply to an action. A reply that names no status doesn't say what became of the pod, and what was
   * listed before doesn't either.
   */
  function podOfReply(reply: unknown, id: PodId | null): Result<Pod | null, ProviderError> {
    const fields = unwrapObject(reply, 'pod')
    if (fields === null)
      return reply === undefined || reply === null
        ? ok(null)
        : fail(localError('unreadable', 'The response is not from Hubify’s API.'))
    const replyId = podIdOf(fields)
    if (id !== null && replyId !== null && replyId !== id)
      return fail(localError('unreadable', 'The response is not the pod that was asked for.'))
    if (replyId === null || typeof fields['status'] !== 'string') return ok(null)
    return ok(parseMerged(replyId, fields))
  }

  const parseMerged = (id: PodId, fields: Fields): Pod | null =>
    parsePod(withSsh(id, merge(listed.get(id) ?? {}, fields)), context())

  /** With the address that was read for the pod, which its own fields replace. */
  const withSsh = (id: PodId, fields: Fields): Fields => merge(details.sshFieldsOf(id, fields), fields)

  /** Says where something can be done that the API doesn't offer. */
  const orWebApp = <T>(result: Result<T, ProviderError>, what: string): Result<T, ProviderError> =>
    result.ok || result.error.kind !== 'gone'
      ? result
      : fail({ ...result.error, message: `${result.error.message} ${what} in the web app: ${webUrl}` })

  async function listQueuedExperiments(): Promise<Result<readonly QueuedExperiment[], ProviderError>> {
    const queued = new Map<string, QueuedExperiment>()
    let cursor: string | null = null
    for (let page = 0; page < MAX_QUEUE_PAGES; page += 1) {
      const answer: Result<unknown, ProviderError> = await client.getExperiments(cursor)
      // What was read of a queue is worth showing.
      if (!answer.ok && page > 0) break
      if (!answer.ok) return answer
      const list = parseListPage(answer.value, 'experiments')
      if (list === null && page > 0) break
      if (list === null) return fail(localError('unreadable', 'The response is not a list of experiments.'))
      for (const each of list.entries.map(parseQueuedExperiment))
        if (each !== null && !queued.has(each.id)) queued.set(each.id, each)
      cursor = list.nextCursor
      if (cursor === null) break
    }
    return ok([...queued.values()].sort(byPriority).slice(0, MAX_QUEUED))
  }

  return {
    serviceName: 'Hubify',
    listPods,
    getPod,
    async act(id, action) {
      if (action === 'restart' && !client.isOffered('restart')) return fail(noRestart)
      const result = await act(id, action)
      return !result.ok && result.error.kind === 'gone' && action === 'restart' ? fail(noRestart) : result
    },
    terminatePod: async (id) => orWebApp(await act(id, 'terminate'), 'Terminate the pod'),
    webFallback: () => ({
      url: webUrl,
      features: (Object.keys(routesOfFeatures) as WebFeature[]).filter(
        (feature) => !(client.isOffered(routesOfFeatures[feature]) || (feature === 'ssh' && hasListedSsh)),
      ),
    }),
    async readLabSpending() {
      const month = client.isOffered('month-costs') ? await client.getMonthCosts() : null
      const isOfMonth = month !== null && (month.ok || month.error.kind !== 'gone')
      const answer = isOfMonth ? month : await client.getCosts()
      if (!answer.ok) return answer
      const spending = parseSpending(answer.value)
      return spending === null
        ? fail(localError('unreadable', 'The answer has no costs.'))
        : ok({ ...spending, isOfMonth })
    },
    listQueuedExperiments,
    async changeLabSettings(changes) {
      const answer = await client.patchSettings(settingsBody(changes))
      return answer.ok ? ok(parseSettings(answer.value)) : orWebApp(answer, 'Change it')
    },
    async createLabPod(spec) {
      const { environment, ...choice } = spec
      const problem = labPodProblem(choice)
      if (problem !== null) return fail(localError('invalid', problem))
      polls.onAction(labId)
      const answer = await client.createPod(
        createPodBody(labId, spec),
        hideEnvironment(environment, 'Hubify refused to create the pod'),
      )
      lookup = null
      if (answer.ok) return podOfReply(answer.value, null)
      return orWebApp(fail(detectNoCapacity(answer.error)), 'Create the pod')
    },
    remainingQuota: () => http.quotaLeft(),
    serverTime: () => http.serverTime(),
    minPollIntervalMs: () => polls.minIntervalMs(labId),
    abortReads: () => http.abortReads(),
  }
}

const noRestart = localError(
  'invalid',
  'Hubify’s API cannot restart pods yet. Stop the pod, then start it again.',
)

const settingsBody = ({
  idleAlertMinutes,
  isAutoScheduled,
}: LabSettings): Readonly<Record<string, unknown>> => ({
  ...(idleAlertMinutes !== undefined && { idleAlertMinutes }),
  ...(isAutoScheduled !== undefined && { autoScheduleEnabled: isAutoScheduled }),
})

/** Newer fields replace older ones, except by null. */
function merge(fields: Fields, newer: Fields | undefined): Fields {
  const known = Object.entries(newer ?? {}).filter(([, value]) => value !== null && value !== undefined)
  return { ...fields, ...Object.fromEntries(known) }
}

/** The body of the request that creates a pod. Its environment may hold secrets. */
function createPodBody(labId: string, spec: LabPodSpec): Readonly<Record<string, unknown>> {
  const { gpuType, gpuCount, maxHours, image, environment, volumeGb } = spec
  return {
    labId,
    gpuType,
    gpuCount,
    ...(maxHours !== null && { maxHours }),
    image,
    ...(Object.keys(environment).length > 0 && { env: environment }),
    volumeSize: volumeGb,
  }
}
