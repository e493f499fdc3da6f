import { displayName } from '../../core/files/file-name'

/** Sentences, unless they say otherwise. */
export const filesText = {
  notRunning: 'The pod isn’t running, so its files can’t be reached.',
  needsDirect: 'Files need a direct SSH connection, which this pod doesn’t offer. Expose its port 22/tcp.',
  accountGone: 'The account of the pod was removed.',
  podStopped: 'The pod was stopped. Resume once it runs again.',
  podGone: 'The pod doesn’t exist anymore.',
  tooManyTransfers: 'Too many transfers are listed. Remove some that ended, then try again.',
  tooManyPods: 'Files of too many pods are open at a time. Close some, then try again.',
  noTransfer: 'This transfer isn’t on the list anymore.',
  nothingDropped: 'Only files and folders of this computer can be uploaded.',
  tooManyDropped: 'Too many files were dropped at once. Drop the folder that they are in instead.',
  notOpened: 'Open the folder again, because Podkeeper was restarted.',
  outsideOfFolder: 'This is outside of the folder that you opened.',
  tooManyFiles: 'There are too many files in this folder to list it.',
  notLocalFolder: (name: string) => `${displayName(name)} can’t be read on this computer.`,
  notLocalFile: (name: string) => `${displayName(name)} isn’t there anymore.`,
  isLink: (name: string) => `${displayName(name)} is a link. Open the folder that it leads to instead.`,
  notListed: (path: string, why: string) => `${displayName(path)} can’t be listed: ${why}.`,
  notMade: (name: string, why: string) => `The folder ${displayName(name)} was not created: ${why}.`,
  notRenamed: (name: string, why: string) => `${displayName(name)} was not renamed: ${why}.`,
  notDeleted: (path: string, why: string) => `${displayName(path)} was not deleted: ${why}.`,
  notLookedAt: (folder: string, why: string) => `${displayName(folder)} can’t be read: ${why}.`,
  notThere: (name: string) => `${displayName(name)} isn’t there anymore.`,
  tooManyDeleted: (count: number) =>
    `Only ${count} items can be deleted at a time. Select fewer, or their folder.`,
  restarted: 'The pod was restarted, so nothing was deleted.',
  exists: 'something has its name already',
  /** A clause, as those of `RunFailure`. */
  noRouteNow: 'it isn’t running with a direct SSH connection now',
  notReached: (reason: string) => `Podkeeper can’t reach the pod’s files: ${reason}.`,
  /** A clause. */
  noFolder: (folder: string) => `the pod has no folder ${displayName(folder)}. Choose another one in Files`,
} as const
