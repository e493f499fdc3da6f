export const lifecycleText = {
  cannotStart: 'Podkeeper cannot start',
  quit: 'Quit Podkeeper?',
  otherDataFolder: (folder: string) => `Podkeeper was started with another data folder: ${folder}.`,
  /** As the system lists it among its processes. */
  terminalProcess: 'Podkeeper terminals',
} as const
