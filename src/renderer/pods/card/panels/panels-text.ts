export const progressPanelText = {
  noLog: (reason: string) => `Its system log isn’t available. ${reason}`,
  lastLines: 'Last lines of its system log',
  showLogs: 'Show logs',
  showLogsOf: (pod: string) => `Show logs of ${pod}`,
} as const

export const intentPanelText = {
  couldNotWait: (pod: string) => `Couldn’t wait for a GPU for ${pod}`,
  startWhenFreeOf: (pod: string) => `Start when a GPU is free: ${pod}`,
  startWhenFree: 'Start when a GPU is free',
  rebuildOf: (pod: string) => `Rebuild elsewhere: ${pod}`,
  rebuild: 'Rebuild elsewhere',
  couldNotStopWaiting: (pod: string) => `Couldn’t stop waiting for a GPU for ${pod}`,
  stopWaitingFor: (pod: string) => `Stop waiting for a GPU for ${pod}`,
  stopWaiting: 'Stop waiting',
} as const

export const autoStopOfferText = {
  label: 'Auto-stop',
  question: 'Stop this pod automatically when it stays idle?',
  warnings: 'You get two warnings first.',
  guard:
    'Podkeeper stops pods only while it runs; a guard in the pod (on the pod’s page) stops it while this computer sleeps.',
  turnOn: 'Turn on for this pod',
  forAll: 'For all pods',
  dontAsk: 'Don’t ask again',
  couldNotChange: 'Couldn’t change auto-stop',
} as const
