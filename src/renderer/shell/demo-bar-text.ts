import type { DemoCommand } from '../../shared/demo-commands'

export const demoBarText = {
  label: 'Demo',
  takeTour: 'Take the tour',
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
