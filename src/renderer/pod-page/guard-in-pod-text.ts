export const guardInPodText = {
  title: 'Guard in the pod',
  why: 'Podkeeper watches only while it runs; a guard in the pod also stops the pod while this computer sleeps, once the pod is idle or past its maximum hours.',
  stopped: 'Podkeeper starts it again once the pod runs.',
  install: 'Install guard',
  reportOnly: 'Only report',
  mayStop: 'Let it stop the pod',
  prove: 'Prove that it can stop',
  read: 'Read now',
  newPods: 'Also in new pods',
  noNewPods: 'Not in new pods',
  remove: 'Remove',
  of: (label: string, pod: string) => `${label}: ${pod}`,
} as const
