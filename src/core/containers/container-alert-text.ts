import { formatDuration, formatUsd, formatUsdPerHour } from '../base/text/format'
import { redact } from '../base/text/redact'
import { HOUR_MS } from '../base/time/time'
import type { PodProgress } from '../logs/pod-progress'
import { problemTitle, progressText } from '../logs/progress-text'
import { serviceOf } from '../pods/labs/service-name'
import type { Pod } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { ContainerState } from './container-record'
import { containerAdvice, deathText, missingGpusText } from './container-text'
import { hasFailed, type MissingGpus } from './readiness'

/** What is known of a running pod that isn't ready. */
export interface ContainerDetails {
  readonly state: ContainerState | null
  readonly missingGpus: MissingGpus | null
  readonly progress: PodProgress | null
}

export interface ContainerAlertText {
  readonly title: string
  readonly body: string
}

type PricedPod = Pick<Pod, 'costPerHourUsd' | 'isPriceApproximate' | 'managed'>

/** `name`: as it is shown in a title. */
export function noContainerText(name: string, pod: PricedPod, details: ContainerDetails): ContainerAlertText {
  const { state, progress } = details
  const forMs = state?.kind === 'starting' || state?.kind === 'unknown' ? state.forMs : 0
  const price = priceText(pod, forMs)
  if (state?.kind === 'unknown')
    return {
      title: `Can’t tell whether ${name} is up, and you are paying`,
      body: `${serviceOf(pod)} has shown neither uptime nor ports for ${formatDuration(forMs)}. ${logText(progress)}${price} Check it on ${serviceOf(pod)}, or stop it.`,
    }
  return {
    title: `${name} has no container yet, and you are paying`,
    body: `${whyText(forMs, progress)}${price} ${adviceText(progress)}`,
  }
}

/** An image's name is no secret, but nothing vouches for what else stands in the line. */
const MAX_WORDS_CHARS = 200

function whyText(forMs: number, progress: PodProgress | null): string {
  const problem = progress?.problem ?? null
  if (hasFailed(problem)) {
    const words = plainName(redact(problem.words)).slice(0, MAX_WORDS_CHARS)
    return `${problemTitle(problem)}: “${words}”.`
  }
  const where = progress === null ? '' : `: ${progressText(progress)}`
  return `It is not up ${formatDuration(forMs)} after its start${where}.`
}

function adviceText(progress: PodProgress | null): string {
  const kind = progress?.problem?.kind
  if (kind === 'pull-failed')
    return 'Check the image’s name and tag, and its registry credentials, or stop the pod.'
  return kind === 'start-failed'
    ? 'Check the image and its start command, or stop the pod.'
    : 'Check its log, or stop it.'
}

function logText(progress: PodProgress | null): string {
  const why = progress?.logProblem ?? null
  return why === null ? 'Its system log doesn’t say either.' : `Its system log can’t be read: ${why}`
}

export function containerDiedText(
  name: string,
  pod: PricedPod,
  { state, progress }: ContainerDetails,
): ContainerAlertText {
  const loop = progress?.problem ?? null
  const why =
    state?.kind === 'died'
      ? deathText(state.death.why, serviceOf(pod))
      : loop === null
        ? deathText('restarts', serviceOf(pod))
        : problemTitle(loop)
  return {
    title: `The container of ${name} died`,
    body: `${why}.${priceText(pod, 0)} Check its log, then restart or stop it.`,
  }
}

export function missingGpusAlertText(
  name: string,
  pod: PricedPod,
  { missingGpus }: ContainerDetails,
): ContainerAlertText {
  const missing = missingGpus ?? { gpus: 0, expected: 1 }
  return {
    title: `${name} has ${missingGpusText(missing)}`,
    body: `It came back without ${missing.gpus === 0 ? 'any' : 'all of them'}.${priceText(pod, 0)} ${containerAdvice({ kind: 'gpus-missing', ...missing }, serviceOf(pod)) ?? ''}`,
  }
}

/** " The pod costs $2.00/hr, $0.50 so far." */
function priceText(pod: PricedPod, forMs: number): string {
  const { costPerHourUsd: cost, isPriceApproximate } = pod
  if (cost === null || cost === 0) return ` ${serviceOf(pod)} charges for the pod while it runs.`
  const soFar = forMs === 0 ? '' : `, ${formatUsd((cost * forMs) / HOUR_MS)} so far`
  return ` The pod costs ${formatUsdPerHour(cost, isPriceApproximate)}${soFar}.`
}
