/** What the colors of the stacked bars stand for. */
export const seriesText = {
  terminated: (count: number) => `${count} terminated`,
  others: (count: number) => (count === 1 ? '1 other' : `${count} others`),
  networkVolumes: 'network volumes',
  otherRunpod: 'other Runpod',
  unknownHardware: 'hardware unknown',
  busy: 'busy',
  idle: 'idle',
  /** Name of a row that is no pod and no volume. */
  otherRow: 'Other Runpod',
} as const

/** What the bars can be split by. */
export const groupingLabels = {
  pod: 'By pod',
  gpu: 'By GPU',
  idle: 'Busy and idle',
} as const
