/** Commands of the demo. Speeds are its seconds per real second. */
export const demoCommands = [
  'make-idle',
  'make-busy',
  'break-network',
  'restore-network',
  'empty-balance',
  'top-up',
  'add-lab',
  'remove-lab',
  'speed-1',
  'speed-60',
  'speed-600',
  'restart-tour',
  'skip-step',
  'pass-time',
] as const
export type DemoCommand = (typeof demoCommands)[number]
