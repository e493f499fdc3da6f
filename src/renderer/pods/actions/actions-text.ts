export const actionsText = {
  keepRunningOf: (pod: string) => `Keep running: ${pod}`,
  keepRunning: 'Keep running',
  stopPod: (pod: string) => `Stop ${pod}`,
  stop: 'Stop',
  startPod: (pod: string) => `Start ${pod}`,
  start: 'Start',
  terminalOn: (pod: string) => `Terminal on ${pod}`,
  releasePod: (pod: string) => `Release ${pod}`,
  release: 'Release',
} as const
