/** Groups of pods of which it isn’t known, or that have none. */
export const groupText = {
  unknownHardware: 'Unknown hardware',
  noGpu: 'No GPU',
  unknownDataCenter: 'Unknown data center',
} as const
