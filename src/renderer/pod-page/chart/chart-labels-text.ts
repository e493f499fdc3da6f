/** The lanes of the chart. */
export const laneLabels = { gpu: 'GPU', gpuMemory: 'GPU memory', cpu: 'CPU', memory: 'Memory' } as const

/** The ranges to choose from: as a button, and in words. */
export const rangeLabels = {
  '1h': { label: '1 h', words: 'Last hour' },
  '6h': { label: '6 h', words: 'Last 6 hours' },
  '24h': { label: '24 h', words: 'Last 24 hours' },
  '7d': { label: '7 d', words: 'Last 7 days' },
  '30d': { label: '30 d', words: 'Last 30 days' },
} as const

/** What happened, above its line through the lanes. */
export const markLabels = {
  start: 'Started',
  stop: 'Stopped',
  restart: 'Restarted',
  terminate: 'Terminated',
  alert: 'Alert',
  several: (count: number) => `${count} events`,
} as const
