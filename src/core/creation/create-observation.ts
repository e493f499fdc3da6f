import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { formatUsdPerHour } from '../base/text/format'
import { isOpen } from '../intents/intent'
import { isGpuOfType } from '../pods/gpu-type'
import type { Pod, PodId } from '../pods/pod'
import { awaitsPod, candidateOf, type CreateIntent, type CreateRules, toCreatePhase } from './create-intent'

/** A list of pods that was requested at `at`. */
export interface ObservedList {
  readonly pods: readonly Pod[]
  /** False when pods may be missing, so that absence means nothing. */
  readonly isComplete: boolean
  readonly at: Instant
}

/** Servers' clocks differ from ours. */
const CLOCK_TOLERANCE_MS = 2 * MINUTE_MS

/**
 * The create after the account was read. A pod that names the request is adopted in every phase, also after the create
 * ended; absence counts only in a complete list from after the deadline.
 */
export function withListedPods(
  create: CreateIntent,
  list: ObservedList,
  now: Instant,
  rules: CreateRules,
): CreateIntent {
  const { sentAt } = create
  if (sentAt === null) return create
  if (create.podId !== null) return withKnownPod(create, list, now, rules)
  const own = findOwnPod(create, list.pods, rules)
  if (own !== null) return adopt(create, own, now)
  if (!isOpen(create) || create.phase === 'scheduled' || create.phase === 'waiting') return create
  if (!list.isComplete || !isOverdue(sentAt, list.at, rules)) return create
  const message = `No pod of this request appeared. ${create.message ?? ''}`.trim()
  return toCreatePhase({ ...create, isUnclear: true }, 'did-not-happen', now, message)
}

const isOverdue = (sentAt: Instant, readAt: Instant, rules: CreateRules): boolean =>
  elapsedMs(sentAt, readAt) >= rules.createDeadlineMs

function adopt(create: CreateIntent, { pod, isInferred }: OwnPod, now: Instant): CreateIntent {
  const wasUnexpected = !isOpen(create) || create.phase === 'scheduled' || create.phase === 'waiting'
  const message = isInferred
    ? 'It is the only new pod that matches. The service doesn’t say which request created it.'
    : wasUnexpected
      ? `${pod.name} was created after all, and appeared late.`
      : priceMessage(create, pod)
  return { ...toCreatePhase(create, 'observed', now, message), podId: pod.id, isInferred, isUnclear: false }
}

/** What it costs, where that is more than was confirmed. */
function priceMessage({ plan }: CreateIntent, { costPerHourUsd }: Pod): string | null {
  const { maxPerHourUsd } = plan
  // A cent is the precision of prices; disks are not in it.
  if (costPerHourUsd === null || maxPerHourUsd === null || costPerHourUsd <= maxPerHourUsd + 0.01) return null
  return `It costs ${formatUsdPerHour(costPerHourUsd)}, more than the ${formatUsdPerHour(maxPerHourUsd)} that you confirmed.`
}

function withKnownPod(
  create: CreateIntent,
  list: ObservedList,
  now: Instant,
  rules: CreateRules,
): CreateIntent {
  const { podId, sentAt, runId } = create
  const extra = list.pods.find((pod) => pod.runId === runId && pod.id !== podId)
  const known =
    extra === undefined || create.extraPodId !== null ? create : { ...create, extraPodId: extra.id }
  if (create.phase !== 'accepted' || sentAt === null) return known
  const pod = list.pods.find(({ id }) => id === podId)
  if (pod !== undefined) return toCreatePhase(known, 'observed', now, priceMessage(create, pod))
  if (!list.isComplete || !isOverdue(sentAt, list.at, rules)) return known
  return toCreatePhase(
    { ...known, podId: null, isUnclear: true },
    'did-not-happen',
    now,
    'It was reported as created, but it isn’t in the list of pods.',
  )
}

interface OwnPod {
  readonly pod: Pod
  readonly isInferred: boolean
}

function findOwnPod(create: CreateIntent, pods: readonly Pod[], rules: CreateRules): OwnPod | null {
  const named = pods.find(({ runId }) => runId === create.runId)
  if (named !== undefined) return { pod: named, isInferred: false }
  if (!create.isUnclear || !awaitsPod(create)) return null
  if (create.earlierPodIds !== null) return inferPod(create, create.earlierPodIds, pods, rules)
  // A key that may not see environments: the name was unique when it was sent.
  const same = pods.filter(
    (pod) => pod.isEnvironmentHidden === true && pod.name === create.plan.name && isNewSince(create, pod),
  )
  const [pod, ...others] = same
  return pod === undefined || others.length > 0 ? null : { pod, isInferred: false }
}

/** The only new pod with this hardware, where pods don't name their request. */
function inferPod(
  create: CreateIntent,
  earlierPodIds: readonly string[],
  pods: readonly Pod[],
  rules: CreateRules,
): OwnPod | null {
  const { pod: wanted } = candidateOf(create)
  if (wanted.kind !== 'lab') return null
  const candidates = pods.filter(
    (pod) =>
      !earlierPodIds.includes(pod.id) &&
      pod.runId === undefined &&
      pod.gpu !== null &&
      isGpuOfType(pod.gpu.name, wanted.gpuType) &&
      pod.gpu.count === wanted.gpuCount &&
      pod.createdAtMs !== null &&
      isNewSince(create, pod) &&
      pod.createdAtMs <= (create.sentAt?.wallMs ?? 0) + rules.createDeadlineMs,
  )
  const [pod, ...others] = candidates
  return pod === undefined || others.length > 0 ? null : { pod, isInferred: true }
}

const isNewSince = ({ sentAt }: CreateIntent, { createdAtMs }: Pod): boolean =>
  sentAt !== null && (createdAtMs === null || createdAtMs >= sentAt.wallMs - CLOCK_TOLERANCE_MS)

/** How many GPUs a pod was created with; null: it wasn't created here for certain, or that is not known. */
export function createdGpuCount(creates: readonly CreateIntent[], podId: PodId): number | null {
  const create = creates.find((one) => one.podId === podId && !one.isInferred)
  const pod = create?.plan.candidates[create.candidateIndex]?.pod
  return pod?.kind === 'cloud' && pod.compute.kind === 'gpu' ? pod.compute.count : null
}
