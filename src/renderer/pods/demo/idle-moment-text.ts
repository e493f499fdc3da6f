import { formatDuration, formatUsd, formatUsdPerHour } from '../../../core/base/text/format'
import { HOUR_MS } from '../../../core/base/time/time'
import type { HourlySaving } from '../../../core/pods/data-impact'

export const idleMomentText = {
  label: 'An idle pod',
  /** "mcmc-planck has been idle for 42 min on H200". */
  idleFor: (pod: string, hardware: string | null, ms: number) =>
    `${pod} has been idle for ${formatDuration(ms)}${hardware === null ? '' : ` on ${hardware}`}`,
  wasted: (usd: number) => `${formatUsd(usd)} wasted`,
  /** `untilMorningMs`: how long it still takes. */
  byMorning: (wastedUsd: number, usdPerHour: number, untilMorningMs: number) =>
    `${formatUsd(wastedUsd + (usdPerHour * untilMorningMs) / HOUR_MS)} by morning, at ${formatUsdPerHour(usdPerHour)}`,
  stop: (pod: string) => `Stop ${pod}`,
  notUndone: 'The stop was not undone',
  stopping: (pod: string) => `Stopping ${pod}`,
  stopped: (pod: string) => `${pod} is stopped`,
  saves: ({ perHourUsd, isApproximate }: HourlySaving) =>
    `Saves ${formatUsdPerHour(perHourUsd, isApproximate)}`,
  canUndo: 'Changed your mind? Undo it within a few seconds.',
  isAsked: 'Runpod was asked to stop it.',
  dataKept: 'Its volume and the data on it are kept.',
  undo: 'Undo stop',
  runs: (pod: string) => `${pod} keeps running`,
  keepsRunning: 'The stop was undone or skipped, so nothing was sent.',
  automatic: 'Do this automatically?',
  automaticOn: 'Auto-stop is on. The next time it sits idle, Podkeeper warns you, then stops it.',
  done: 'Done',
  skip: 'Skip',
  couldNotSkip: 'Couldn’t skip the step',
  steps: 'Steps',
  stepNames: { stop: 'Stop it', undo: 'Undo', automatic: 'Make it automatic' },
} as const
