export const terminalsText = {
  otherKey: 'That account now uses a different key, so nothing was registered.',
  keyUnknown: 'This key is no longer on this computer. Check the list of keys.',
  accountGone: 'Its account is no longer connected.',
  terminalClosed: 'That terminal is closed.',
  tooMany: (count: number) => `There are ${count} terminals already. Close one first.`,
  tooManyPanes: (count: number) => `A tab has room for ${count} panes. Close one first.`,
  tooManyWindows: (count: number) =>
    `${count} terminals are in windows of their own already. Move one back first.`,
  otherWindow: 'This terminal is in another window now.',
  podGone: 'The pod is gone.',
  noSsh: 'The pod offers no SSH access. Expose its port 22/tcp, or create it with SSH.',
  podNotRunning: 'The pod isn’t running. Start it first.',
  linkGone: 'This address is no longer in that terminal, so it was not opened.',
  podStopped: 'The pod is stopped.',
  podTerminated: 'The pod was terminated.',
  notBlocked: 'That terminal is not blocked by a host key.',
  /** Stands in the screen where a connection was lost. */
  connectionLostMark: 'connection lost',
} as const
