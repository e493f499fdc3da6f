import type { Activity } from './activity'
import type { Range } from '../base/range'
import type { QuietDoubt } from './quiet-doubt'
import type { IdleEvidence } from './idle-episode'
import type { UnknownReason } from './sample'
import {
  formatDuration,
  formatMoment,
  formatNumber,
  formatPercentRange,
  type MomentStyle,
} from '../base/text/format'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import { managingServiceName } from '../pods/pod'

/**
 * Why a pod counts as idle: "GPU 0–2%, CPU 1%, memory unchanged since 14:05 (61 samples)", or "Hubify reports 42 min
 * idle". See docs/product-rules.md#26-saying-why.
 */
export function idleReason(activity: Extract<Activity, { kind: 'idle' }>, style: MomentStyle = {}): string {
  const { evidence, reportedMinutes } = activity
  if (evidence === null)
    return `${managingServiceName} reports ${formatDuration((reportedMinutes ?? 0) * MINUTE_MS)} idle`
  return `${figuresText(evidence)} since ${formatMoment(activity.sinceMs, style)} (${sampleCountText(evidence)})`
}

/** The same in short, beside which the figures can be opened: "GPU under 3% since 14:05". */
export function idleSummary(activity: Extract<Activity, { kind: 'idle' }>, style: MomentStyle = {}): string {
  const { evidence } = activity
  // A range that holds for a part of the samples only says less without their count.
  if (evidence === null || evidence.idleSamples < evidence.samples) return idleReason(activity, style)
  const { gpuUtil, cpuUtil } = evidence
  const isCpuWorking = cpuUtil !== null && cpuUtil.max >= WORKING_CPU_PERCENT
  const parts = [
    ...(gpuUtil === null ? [] : [`GPU ${underText(gpuUtil)}`]),
    ...(cpuUtil !== null && (gpuUtil === null || isCpuWorking)
      ? [`CPU ${isCpuWorking ? formatPercentRange(cpuUtil) : underText(cpuUtil)}`]
      : []),
  ]
  if (parts.length === 0) return idleReason(activity, style)
  return `${parts.join(', ')} since ${formatMoment(activity.sinceMs, style)}`
}

const underText = ({ max }: Range): string => `under ${Math.floor(max) + 1}%`

/** What leaves the doubt, as a clause. See docs/product-rules.md#25-quiet. */
export function doubtText({ about, vcpuCount, belowCpuPercent, cadenceMs }: QuietDoubt): string {
  switch (about) {
    case 'memory':
      return 'its memory use changed by 2 points or more'
    case 'cadence':
      return `its metrics are refreshed only every ${cadenceText(cadenceMs ?? 0)}`
    case 'cpu-missing':
      return 'it reports no CPU use'
    case 'memory-missing':
      return 'it reports no memory use'
    case 'no-metrics':
      return 'it reports too few metrics'
    case 'cpu': {
      const of = vcpuCount === null ? 'an unknown number of cores' : `${vcpuCount} cores`
      return `CPU below ${belowCpuPercent}% of ${of} may be background noise or a busy core`
    }
  }
}

/** "90 s", "5 min". */
export const cadenceText = (ms: number): string =>
  ms < 2 * MINUTE_MS ? `${Math.round(ms / SECOND_MS)} s` : formatDuration(ms)

/** Why a pod's activity is unknown, to follow a colon: "it reports no metrics". */
export function unknownReason(reason: UnknownReason): string {
  return UNKNOWN_REASONS[reason]
}

/** Why a pod without figures of its own is not stopped, whatever is reported of it; a clause. */
export const noFiguresText = 'it reports no metrics, and only its own metrics can show that it is quiet'

const UNKNOWN_REASONS: Readonly<Record<UnknownReason, string>> = {
  'not-running': 'it is not running',
  starting: 'its container has not started yet',
  'no-samples': 'there are no samples yet',
  'no-telemetry': 'it reports no metrics',
  'gpu-figures-missing': 'metrics of some of its GPUs are missing',
  'figure-missing': 'one of its metrics is missing',
  'figure-out-of-range': 'one of its metrics is outside 0–100%',
  'uptime-stale': 'its metrics are stale: its uptime does not advance',
  'refreshed-rarely': 'its metrics are refreshed less often than every 5 minutes',
  booting: 'it is booting, so idle tracking hasn’t started yet',
  'not-seen': 'it was not observed for a while',
}

function figuresText(evidence: IdleEvidence): string {
  const { gpuUtil, cpuUtil } = evidence
  const memory = evidence.isMemoryStill === true ? 'memory unchanged' : 'memory changed'
  return [
    ...(gpuUtil === null ? [] : [gpuText(formatPercentRange(gpuUtil), cpuUtil)]),
    ...(cpuUtil === null ? [] : [`CPU ${formatPercentRange(cpuUtil)}`]),
    ...(evidence.isMemoryStill === null ? [] : [memory]),
    ...(evidence.insideSamples === undefined ? [] : ['at rest inside']),
  ].join(', ')
}

/** From this percentage on, the CPU of a pod with idle GPUs is called out. */
const WORKING_CPU_PERCENT = 10

/** A pod whose CPU works is idle by its GPUs only, and the text says so. */
const gpuText = (range: string, cpuUtil: IdleEvidence['cpuUtil']): string =>
  (cpuUtil?.max ?? 0) >= WORKING_CPU_PERCENT ? `GPUs idle (${range})` : `GPU ${range}`

function sampleCountText({ idleSamples, samples }: IdleEvidence): string {
  if (idleSamples < samples) return `${formatNumber(idleSamples)} of ${formatNumber(samples)} samples`
  return samples === 1 ? '1 sample' : `${formatNumber(samples)} samples`
}
