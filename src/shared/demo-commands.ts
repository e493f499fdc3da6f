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
  'start-tour',
  'end-tour',
  'skip-step',
] as const
export type DemoCommand = (typeof demoCommands)[number]
