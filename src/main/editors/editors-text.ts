/** Where a pod is not opened in an editor. Sentences, and clauses where it says so. */
export const editorsText = {
  demo: 'The demo’s pods can’t be opened in an editor: nothing is behind them.',
  notRunning: 'The pod isn’t running. Start it first.',
  noDirectSsh:
    'The pod offers no direct SSH connection, which editors need. Expose its port 22/tcp, or create it with SSH.',
  noAlias: 'The pod’s id can’t be part of an SSH name.',
  noFolder: 'The folder must be a full path, such as /workspace.',
  notInstalled: 'That editor isn’t installed here.',
  notConnected: (name: string, reason: string): string =>
    `Podkeeper can’t connect to ${name}: ${reason.replace(/\.$/, '')}.`,
  noKey: 'Podkeeper trusts no key of this pod.',
  commandProblem: (problem: string): string => `This ${problem}.`,
}
