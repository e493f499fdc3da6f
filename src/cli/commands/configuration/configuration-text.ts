export const configurationText = {
  keptBy: (account: string, host: string): string =>
    `The rules of ${account} are left out: the server ${host} keeps it. Use podkeeper export there.`,
  notRead: (path: string, why: string) => `${path} can’t be read: ${why}. Nothing was changed.`,
  tooLarge: 'it is larger than 1 MB',
  nothingChanged: 'Nothing was changed.',
  invalid: (count: number) =>
    count === 1
      ? 'The file has a mistake. Nothing was changed.'
      : `The file has ${count} mistakes. Nothing was changed.`,
  unknownField: (name: string) => `There is no ${name} here.`,
  missingField: (name: string) => `${name} is missing.`,
  configUnread: 'The present configuration can’t be read, so nothing was changed.',
  upToDate: 'There is nothing to change.',
  differences: (count: number) => (count === 1 ? '1 change.' : `${count} changes.`),
  checked: (differences: string) => `${differences} Nothing was written (--check).`,
  applied: (differences: string) => `Applied: ${differences}`,
  noVariable: (name: string) => `The environment variable ${name} is not set, or empty.`,
  noSecretFile: (path: string, why: string) => `${path} can’t be read: ${why}.`,
  missingSecretFile: (path: string) => `${path} does not exist.`,
  emptySecretFile: (path: string) => `${path} is empty.`,
  losses: 'This lets automatic stops lose data of these pods, and of those that are created later and match:',
  askLosses: 'Type yes to allow this: ',
  lossesNeedOption: 'Without a terminal, use --allow-data-loss to allow this. Nothing was changed.',
  tokenCreated: (name: string) => `The token ${name} was created. It is shown only now:`,
  addressNotCompared: (name: string) =>
    `${name}: the kept address is in the system keyring, so it can’t be compared. Since the host is the same, it stays. To replace it, use the app.`,
  undone: (why: string) => `${why} What was changed before was taken back.`,
  notUndone: (why: string, left: readonly string[]) =>
    `${why} These changes could not be taken back: ${left.join('; ')}`,
  unclear: (why: string) => `${why} Run the same command again with --check to see what was changed.`,
  notRemoved: (why: string) => `Everything else was applied. ${why}`,
} as const
