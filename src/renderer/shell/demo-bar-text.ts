import type { DemoCommand } from '../../shared/demo-commands'
import type { DemoTour, TourStep } from '../../core/view/demo/demo-view'
import { formatUsd } from '../../core/base/text/format'

/** The steps after the first, as the tour lists them. */
export const tourStepNames: Readonly<Record<Exclude<TourStep, 'working'>, string>> = {
  idle: 'Idle',
  alerted: 'Alert',
  warned: 'Warning',
  stopped: 'Stopped',
  saved: 'Saved',
}

/** What the tour shows now. */
export function tourText({ podName, step, obstacle, savedUsd }: DemoTour): string {
  if (obstacle === 'gone') return `${podName} is gone, so there is nothing to stop.`
  if (obstacle === 'stopped-by-hand')
    return `You stopped ${podName} yourself, so auto-stop has nothing to do.`
  if (obstacle === 'kept-on')
    return `You keep ${podName} running, so it isn’t stopped. Cancel that to continue.`
  const texts: Readonly<Record<TourStep, string>> = {
    working: `A minute now lasts a second. ${podName} has just finished its work.`,
    idle: `${podName} is idle, but you still pay for it. After 15 min, you get an alert.`,
    alerted: `You got an alert about ${podName}. Auto-stop is on for it, so a warning comes next.`,
    warned: `You were warned: auto-stop is about to stop ${podName}. You could still keep it running.`,
    stopped: `${podName} was stopped. Its volume and the data on it are kept.`,
    saved: `Auto-stop has saved ${formatUsd(savedUsd ?? 0)} so far. That’s all: you can look around now.`,
  }
  return texts[step]
}

export const demoBarText = {
  label: 'Demo',
  tour: 'Tour',
  startTour: 'Take the one-minute tour',
  endTour: 'Leave tour',
  done: 'Done',
  couldNotDo: 'The demo couldn’t do that',
  controls: 'Demo controls',
  controlsAt: (factor: number) => `Demo controls · ${factor}×`,
  events: 'Events',
  speed: 'Speed',
  addLab: 'Add Hubify lab',
  removeLab: 'Remove Hubify lab',
} as const

/** What can be made to happen in the demo. */
export const demoEvents: readonly { readonly command: DemoCommand; readonly label: string }[] = [
  { command: 'make-idle', label: 'Make pods idle' },
  { command: 'make-busy', label: 'Make pods busy' },
  { command: 'break-network', label: 'Go offline' },
  { command: 'restore-network', label: 'Reconnect' },
  { command: 'empty-balance', label: 'Empty balance' },
  { command: 'top-up', label: 'Top up balance' },
]
