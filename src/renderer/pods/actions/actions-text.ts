export const actionsText = {
  keepRunningOf: (pod: string) => `Keep running: ${pod}`,
  keepRunning: 'Keep running',
  stopPod: (pod: string) => `Stop ${pod}`,
  stop: 'Stop',
  startPod: (pod: string) => `Start ${pod}`,
  start: 'Start',
  terminalOn: (pod: string) => `Terminal on ${pod}`,
  cancelKeeping: (pod: string) => `Cancel keeping ${pod} running`,
} as const
