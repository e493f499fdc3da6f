export const guardInPodText = {
  title: 'Guard in the pod',
  why: 'Podkeeper sees only while this computer is awake. A guard inside can stop the pod even then, when it is idle or past its maximum hours.',
  stopped: 'It starts with the pod.',
  install: 'Install guard',
  reportOnly: 'Only report',
  mayStop: 'Let it stop the pod',
  prove: 'Prove that it can stop',
  read: 'Read now',
  remove: 'Remove',
  of: (label: string, pod: string) => `${label}: ${pod}`,
} as const
