import { formatDuration, formatMoment, formatNumber, formatPercentRange } from '../../core/base/text/format'
import type { Range } from '../../core/base/range'
import { isAboutUse, type QuietDoubt } from '../../core/idle/quiet-doubt'
import { doubtText, unknownReason } from '../../core/idle/idle-text'
import type { PodView } from '../../core/view/snapshot'
import { managingServiceName } from '../../core/pods/pod'

/** One condition of the verdict: its figure, and whether it holds. */
export interface VerdictLine {
  readonly label: string
  readonly figure: string
  readonly text: string
  readonly isMet: boolean
}

export interface Verdict {
  readonly title: string
  /** What it rests on. */
  readonly basis: string
  /** A failed one is first. */
  readonly lines: readonly VerdictLine[]
}

export interface VerdictLimits {
  readonly busyAtPercent: number
  readonly quietCpuPercent: number
  readonly stillMemoryPoints: number
  /** Null: not known. */
  readonly vcpuCount: number | null
}

/** Why a pod counts as busy, idle or unknown. See docs/product-rules.md#26-saying-why. */
export function verdictText(pod: PodView, limits: VerdictLimits, nowMs: number): Verdict {
  const { activity } = pod
  if (pod.phase !== 'running')
    return { title: 'Not running', basis: 'Only a running pod is judged', lines: [] }
  if (activity.kind === 'unknown')
    return {
      title: 'Why its activity is unknown',
      basis: activity.sinceMs === null ? '' : `since ${formatMoment(activity.sinceMs, { nowMs })}`,
      lines: [
        {
          label: 'Metrics',
          figure: 'Unknown',
          text: `${unknownReason(activity.reason)}. An unknown pod is never treated as idle`,
          isMet: false,
        },
      ],
    }
  return activity.kind === 'busy' ? busyVerdict(pod, limits, activity) : idleVerdict(limits, nowMs, activity)
}

function cpuLine(
  cpuUtil: Range,
  doubt: QuietDoubt | undefined,
  { vcpuCount, quietCpuPercent }: VerdictLimits,
): VerdictLine {
  const cores = vcpuCount === null ? '' : ` of ${vcpuCount} cores`
  const isDoubtful = doubt?.about === 'cpu'
  const isAtRest = cpuUtil.max < quietCpuPercent && !isDoubtful
  return {
    label: 'CPU',
    figure: `${formatPercentRange(cpuUtil)}${cores}`,
    text: isAtRest
      ? 'at rest'
      : isDoubtful
        ? `${doubtText(doubt)}. A look from inside can tell`
        : 'at work, so auto-stop leaves it running',
    isMet: isAtRest,
  }
}

type BusyPodActivity = Extract<PodView['activity'], { kind: 'busy' }>
type IdlePodActivity = Extract<PodView['activity'], { kind: 'idle' }>

const busyTexts = {
  gpu: 'a GPU is in use',
  cpu: 'its CPU is in use',
  terminal: 'a terminal of Podkeeper had input in the last 10 min',
  job: 'a job is running',
  report: `${managingServiceName} reports that it is in use`,
  inside: 'a look from inside found it working',
} as const

function busyVerdict(
  pod: PodView,
  { busyAtPercent }: VerdictLimits,
  { by, partlyIdle }: BusyPodActivity,
): Verdict {
  const figures = pod.gpus.flatMap(({ utilPercent }) => utilPercent ?? [])
  const lines: VerdictLine[] = []
  if (partlyIdle !== null)
    lines.push({
      label: 'Idle GPUs',
      figure: `${partlyIdle.idleGpus} of ${partlyIdle.gpus}`,
      text: `for ${formatDuration(partlyIdle.idleForMs)}, while the others work`,
      isMet: false,
    })
  if (figures.length > 0)
    lines.push({
      label: 'GPU',
      figure: formatPercentRange({ min: Math.min(...figures), max: Math.max(...figures) }),
      text: gpuLineText(by, Math.max(...figures), busyAtPercent),
      isMet: true,
    })
  if (pod.cpuUtilPercent !== null)
    lines.push({
      label: 'CPU',
      figure: formatPercentRange({ min: pod.cpuUtilPercent, max: pod.cpuUtilPercent }),
      text: coresText(pod),
      isMet: true,
    })
  return { title: 'Why it counts as busy', basis: busyTexts[by], lines }
}

function gpuLineText(by: BusyPodActivity['by'], percent: number, busyAtPercent: number): string {
  if (by !== 'gpu') return `below ${busyAtPercent}%`
  return percent < busyAtPercent
    ? 'at work when you looked at it live'
    : `${busyAtPercent}% or more counts as busy`
}

const coresText = ({ gpuCount }: PodView): string =>
  gpuCount > 0 ? 'of all cores, in the last sample' : 'in the last sample'

function idleVerdict(limits: VerdictLimits, nowMs: number, activity: IdlePodActivity): Verdict {
  const { evidence, doubt } = activity
  const since = formatMoment(activity.sinceMs, { nowMs })
  const title = 'Why it counts as idle'
  if (evidence === null)
    return {
      title,
      basis: `reported by ${managingServiceName}`,
      lines: [
        {
          label: 'Metrics',
          figure: 'None',
          text: 'a report leads to alerts, never to a stop',
          isMet: false,
        },
      ],
    }
  const { samples, idleSamples, gpuUtil, cpuUtil, isMemoryStill } = evidence
  const inSamples =
    idleSamples === samples
      ? 'in every sample'
      : `in ${formatNumber(idleSamples)} of ${formatNumber(samples)} samples`
  const lines: VerdictLine[] = [
    { label: 'Terminal', figure: 'No input', text: 'in any terminal of Podkeeper for 10 min', isMet: true },
  ]
  if (isMemoryStill !== null)
    lines.unshift({
      label: 'GPU and host memory',
      figure: isMemoryStill ? 'Unchanged' : 'Changed',
      text: isMemoryStill
        ? `changed by less than ${limits.stillMemoryPoints} points`
        : `changed by ${limits.stillMemoryPoints} points or more, so auto-stop leaves it running`,
      isMet: isMemoryStill,
    })
  if (cpuUtil !== null) lines.unshift(cpuLine(cpuUtil, doubt, limits))
  if (doubt !== undefined && !isAboutUse(doubt))
    lines.unshift({
      label: 'Metrics',
      figure: 'Not enough',
      text: `${doubtText(doubt)}, so auto-stop needs a look from inside or the guard in the pod`,
      isMet: false,
    })
  if (gpuUtil !== null)
    lines.unshift({
      label: 'GPU',
      figure: formatPercentRange(gpuUtil),
      text: `below ${limits.busyAtPercent}% ${inSamples}`,
      isMet: true,
    })
  return {
    title,
    basis: `${samples === 1 ? '1 sample' : `${formatNumber(samples)} samples`} since ${since}`,
    lines: lines.sort((a, b) => Number(a.isMet) - Number(b.isMet)),
  }
}
