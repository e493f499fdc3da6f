import type { AlertButton } from '../../core/alerts/alert'

export const notificationText = {
  buttons: {
    'keep-on': 'Keep running',
    stop: 'Stop',
    'stop-all': 'Stop all',
    'run-next-job': 'Run next job',
    'skip-job': 'Skip',
    'was-me': 'This was me',
  } satisfies { readonly [K in AlertButton]: string },
  open: 'Open',
  testTitle: 'Podkeeper can reach you',
  testBody: 'Idle alerts will look like this.',
  /** As the system names the program that shows it. */
  serviceName: 'Podkeeper notification',
  nothingDone: 'Nothing was done',
} as const
