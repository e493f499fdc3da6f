import { plainText } from '../base/text/plain-text'

export const outdatedText =
  'A newer build of Podkeeper is installed. Restart the program that watches to use it.'

/** Of what is checked of this computer. */
export const computerCheckText = {
  localFolder: (folder: string) => `${plainText(folder)} is on this computer.`,
  networkFolder: (folder: string, by: string) =>
    `${plainText(folder)} is on a network drive (${by}). Two computers could act on the same pods. Move it to a local disk.`,
  syncedFolder: (folder: string, by: string) =>
    `${plainText(folder)} is synced by ${by}. Two computers could act on the same pods, and files can be mixed up. Move it out of there.`,
  notificationsShown: 'The system shows notifications.',
  notificationsMissing:
    'The system shows no notifications, so alerts are only in the window and in your channels.',
  noNotificationProgram: 'No desktop session was found, so alerts are printed and go to your channels.',
  notificationsUnknown: 'Whether the system shows notifications isn’t known here.',
  noObstacles: 'Nothing keeps them from being carried out.',
  nobodyWatches:
    'No Podkeeper is running with this data folder, so none is carried out. Start the app or podkeeper watch.',
  nobodyRuns: 'No Podkeeper is running with this data folder.',
  installedBuild: (version: string) => `Podkeeper ${plainText(version)}, the one that is installed.`,
  notTold: (why: string) => `The Podkeeper that is running can’t be asked: ${why.replace(/\.?$/, '.')}`,
  keyFromEnvironment: 'The key comes from the environment and isn’t stored.',
  keyInFile: 'The key is in a file that only you can read. The command line uses no keyring.',
  demoKey: 'The demo needs no key.',
} as const
