import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { Telemetry } from '../pods/pod'

/** Whether a figure of a pod was ever read in one start of it, or since when it was absent. */
type FigurePresence = 'seen' | { readonly since: Instant; readonly readings: number } | 'unread'

/** Of the figures that may be left out of a verdict. See docs/product-rules.md#28-what-the-api-reports. */
export interface FigureRecord {
  readonly cpu: FigurePresence
  readonly memory: FigurePresence
}

/** Figures that the verdict does without, because they never come. */
export interface LeftOutFigures {
  readonly cpu: boolean
  readonly memory: boolean
}

export const emptyFigureRecord: FigureRecord = { cpu: 'unread', memory: 'unread' }
export const nothingLeftOut: LeftOutFigures = { cpu: false, memory: false }

/** A figure must be absent from so many readings, over so long. */
const ABSENT_READINGS = 20
const ABSENT_MS = 10 * MINUTE_MS

/**
 * After one more reading. One whose other figures are missing as well says nothing: a bare list and a lookup that failed
 * lack all of them.
 */
export function withFigures(
  record: FigureRecord,
  telemetry: Telemetry | null,
  expectedGpus: number | null,
  at: Instant,
): FigureRecord {
  if (telemetry === null || expectedGpus === null) return record
  const { gpus, cpuUtilPercent, memoryUtilPercent } = telemetry
  const hasGpus =
    gpus.length >= expectedGpus &&
    gpus.every((gpu) => gpu.utilPercent !== null && gpu.memoryUtilPercent !== null)
  const hasOthers = expectedGpus === 0 ? cpuUtilPercent !== null : hasGpus
  return {
    cpu: next(record.cpu, cpuUtilPercent, hasOthers, at),
    memory: next(record.memory, memoryUtilPercent, hasOthers, at),
  }
}

function next(
  before: FigurePresence,
  percent: number | null,
  hasOthers: boolean,
  at: Instant,
): FigurePresence {
  if (before === 'seen' || percent !== null) return 'seen'
  if (!hasOthers) return before
  if (before === 'unread' || before.since.runId !== at.runId) return { since: at, readings: 1 }
  return { ...before, readings: before.readings + 1 }
}

/** The CPU of a CPU pod is what it is judged by, and a GPU's figures are never left out. */
export function leftOutFigures(
  { cpu, memory }: FigureRecord,
  expectedGpus: number | null,
  at: Instant,
): LeftOutFigures {
  const isAbsent = (figure: FigurePresence): boolean =>
    typeof figure === 'object' &&
    figure.readings >= ABSENT_READINGS &&
    elapsedMs(figure.since, at) >= ABSENT_MS
  return { cpu: expectedGpus !== 0 && isAbsent(cpu), memory: isAbsent(memory) }
}
