import { formatDuration, formatUsd, formatUsdPerHour } from '../../../core/base/text/format'
import { HOUR_MS, MINUTE_MS } from '../../../core/base/time/time'
import type { HourlySaving } from '../../../core/pods/data-impact'

export const demoTourText = {
  label: 'Tour',
  /** "mcmc-planck has been idle for 42 min on H200". */
  idleFor: (pod: string, hardware: string | null, ms: number) =>
    `${pod} has been idle for ${formatDuration(ms)}${hardware === null ? '' : ` on ${hardware}`}`,
  wasted: (usd: number) => `${formatUsd(usd)} wasted`,
  /** `untilMorningMs`: how long it still takes. */
  byMorning: (wastedUsd: number, usdPerHour: number, untilMorningMs: number) =>
    `${formatUsd(wastedUsd + (usdPerHour * untilMorningMs) / HOUR_MS)} by morning, at ${formatUsdPerHour(usdPerHour)}`,
  stop: (pod: string) => `Stop ${pod}`,
  notUndone: 'The stop was not undone',
  works: (pod: string) => `${pod} isn’t idle`,
  idleLater: 'Let it finish its work, and see what it costs when nobody uses it.',
  passTime: 'Let time pass',
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
  starting: (pod: string) => `${pod} is starting`,
  startAgain: 'Auto-stop is on. Once the pod runs and sits idle again, you can see it work.',
  start: (pod: string) => `Start ${pod}`,
  isWatched: (pod: string) => `Auto-stop is on for ${pod}`,
  warnsFirst: 'Before it stops an idle pod, it warns you.',
  /** "mcmc-planck stops in 5 min". */
  stopsIn: (pod: string, ms: number) => `${pod} stops in ${formatDuration(Math.max(ms, MINUTE_MS))}`,
  wasWarned: 'You were warned, so you could still keep it running on its card.',
  letStop: 'Let it stop',
  isKept: (pod: string) => `You keep ${pod} running, so it isn’t stopped`,
  endKeeping: 'Cancel that to continue.',
  timePasses: { minute: 'A minute now takes a second.', hour: 'An hour now takes 6 seconds.' },
  wasStopped: (pod: string) => `${pod} was stopped automatically`,
  saved: (usd: number) => `${formatUsd(usd)} saved by auto-stop`,
  passHour: 'Let an hour pass',
  lookAround: 'That’s all. Look around, or leave the demo and connect your account.',
  done: 'Done',
  skip: 'Skip',
  notDone: 'The demo couldn’t do that',
  steps: 'Steps',
  stepNames: {
    stop: 'Stop it',
    undo: 'Undo',
    automatic: 'Make it automatic',
    watch: 'Let it stop',
    saved: 'See what it saved',
  },
} as const
