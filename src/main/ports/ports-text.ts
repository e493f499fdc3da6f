export const portsText = {
  podStopped: 'The pod was stopped, so its forwards ended.',
  podGone: 'The pod is gone.',
  accountGone: 'Its account is no longer connected.',
  notConnected: 'That account isn’t connected.',
  noDirectSsh:
    'The pod offers no direct SSH connection, which ports need. Expose its port 22/tcp, or create it with SSH.',
  notRunning: 'The pod isn’t running. Start it first.',
  /** A clause. */
  noRouteNow: 'the pod offers no direct SSH connection now',
  tooMany: (count: number) => `${count} ports are forwarded already. Stop one first.`,
  notOpen: 'That port isn’t forwarded now.',
  noToken: (reason: string) => `Jupyter’s token couldn’t be read: ${reason}.`,
  notOpened: 'The browser couldn’t be opened.',
} as const
