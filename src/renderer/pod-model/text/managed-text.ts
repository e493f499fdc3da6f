import { formatRemaining } from '../../../core/base/text/format'
import { managingServiceName, type ManagedPod } from '../../../core/pods/pod'
import { fittingExperiments } from '../../../core/pods/labs/experiment-fit'
import type { QueuedExperiment } from '../../../core/pods/provider'
import type { AccountEntry, PodView } from '../../../core/view/snapshot'

/** One thing that the service does to a pod automatically. */
export interface ServiceRemark {
  readonly tone: 'idle' | 'bad'
  readonly text: string
}

/**
 * What the service that manages a pod will do to it, soonest first:
 * docs/product-rules.md#38-what-the-service-itself-does. Times in Unix ms.
 */
export function serviceRemarks(
  { managed, phase }: Pick<PodView, 'managed' | 'phase'>,
  nowMs: number,
): readonly ServiceRemark[] {
  if (managed === undefined || (phase !== 'running' && phase !== 'creating')) return []
  return [idleStop(managed, nowMs), maxRuntime(managed, nowMs)]
    .filter((remark) => remark !== null)
    .sort((a, b) => a.atMs - b.atMs)
}

type TimedRemark = ServiceRemark & { readonly atMs: number }

function idleStop({ stopsAtMs }: ManagedPod, nowMs: number): TimedRemark | null {
  if (stopsAtMs === null) return null
  return {
    atMs: stopsAtMs,
    tone: 'idle',
    text: `${managingServiceName} stops it ${whenText(stopsAtMs, nowMs)} if it stays idle`,
  }
}

function maxRuntime({ terminatesAtMs }: ManagedPod, nowMs: number): TimedRemark | null {
  if (terminatesAtMs === null) return null
  return {
    atMs: terminatesAtMs,
    tone: 'bad',
    text: `${managingServiceName} terminates it ${whenText(terminatesAtMs, nowMs)}: its maximum runtime`,
  }
}

const whenText = (atMs: number, nowMs: number): string =>
  atMs > nowMs ? `in ${formatRemaining(atMs - nowMs)}` : 'any moment now'

/** A queued experiment that an idle pod could run, as a sentence; null: none is known. */
export function queuedText(
  { activity, gpuName }: Pick<PodView, 'activity' | 'gpuName'>,
  queue: readonly QueuedExperiment[],
): string | null {
  if (activity.kind !== 'idle' || gpuName === null) return null
  const [first, ...others] = fittingExperiments(queue, gpuName)
  if (first === undefined) return null
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return `Waiting for such a GPU: ${first.title}${more}.`
}

/** What of this pod only the web app can do, as a sentence; null: nothing. */
export function webAppText(
  { phase, sshRoute, actions }: Pick<PodView, 'phase' | 'sshRoute' | 'actions'>,
  webFeatures: AccountEntry['webFeatures'],
): string | null {
  if (webFeatures === undefined || phase === 'terminated') return null
  const what = [
    ...(phase === 'running' && sshRoute === null && webFeatures.includes('ssh') ? ['SSH'] : []),
    ...(!actions.includes('terminate') && webFeatures.includes('terminate') ? ['terminate'] : []),
  ]
  if (what.length === 0) return null
  const [first = '', second] = what
  const text = second === undefined ? `${first} is` : `${first} and ${second} are`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} in Hubify’s web app for now.`
}
