import type { FeedRefusal } from './release-feed'
import type { UpdateWay } from './update-way'

export const UPDATE_NOTICE_ID = 'update'
export const UPDATE_READY_NOTICE_ID = 'update-ready'
export const UPDATED_NOTICE_ID = 'updated'

/** What is said of updates wherever it is shown. Sentences. */
export const updatesText = {
  available: (version: string, way: UpdateWay) =>
    way === 'apt' || way === 'dnf'
      ? `Podkeeper ${version} is available from your system’s updates.`
      : `Version ${version} of Podkeeper is available.`,
  ready: (version: string) => `Version ${version} of Podkeeper is ready. It is installed when you quit.`,
  replaced: 'Podkeeper was updated. Quit and open it again to use the new version.',
  /** Follows “The”, with a plural. */
  file: 'news of releases',
  updated: (version: string) => `Podkeeper was updated to version ${version}.`,
  noNotes: 'This build doesn’t say what changed in it.',
  none: 'No newer version is known.',
  folderNotPrivate: 'The folder for updates isn’t private to you, so nothing was downloaded.',
  diskFull: 'This computer’s disk is full, so the update wasn’t downloaded.',
  notStored: (why: string) => `The update couldn’t be stored: ${why}`,
  interrupted: 'The download was interrupted.',
  notTheFile: 'What was downloaded isn’t the file that Podkeeper’s releases name, so it was deleted.',
  notTaken: 'The system’s updater didn’t take the update. Get it from the release page.',
  notInstallable: (why: string) =>
    `The system’s updater refused the update (${why}). Get it from the release page.`,
  refused: {
    unreadable: 'The list of releases can’t be read.',
    foreign: 'The list of releases isn’t signed by Podkeeper’s key, so it was ignored.',
    expired: 'The list of releases has expired, so it was ignored. Check this computer’s clock.',
    'from-future': 'The list of releases is of a later day, so it was ignored. Check this computer’s clock.',
    older: 'The list of releases is older than one read before, so it was ignored.',
  } satisfies Record<FeedRefusal, string>,
} as const
