export const terminalsText = {
  title: 'Terminals',
  noneOpen: 'No terminal is open',
  choosePod:
    'Choose a pod to open a shell. Podkeeper finds the route and the key, and reconnects automatically.',
  terminalOn: (pod: string) => `Terminal on ${pod}`,
  noPod: 'No pod available for a terminal',
  noAccount: 'No account yet',
  connectFirst: 'Connect an account on the Pods page to open terminals on running pods.',
  podCreating: 'A pod is being created. Open a terminal once it’s running.',
  needsRunningPod: 'A terminal needs a running pod that is reachable by SSH. Start one on the Pods page.',
  show: 'Show terminals',
  hide: 'Hide terminals',
  height: 'Terminal height',
  count: (count: number) => (count === 1 ? '1 terminal' : `${count} terminals`),
  couldNotLoad: 'Couldn’t load the terminals',
  couldNotShow: 'Couldn’t show the terminals',
  nothingLost: 'They keep running, and nothing is lost.',
} as const
