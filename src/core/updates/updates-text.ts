import type { FeedRefusal } from './release-feed'

export const UPDATE_NOTICE_ID = 'update'

/** What is said of updates wherever it is shown. Sentences. */
export const updatesText = {
  available: (version: string) => `Version ${version} of Podkeeper is available.`,
  replaced: 'Podkeeper was updated. Quit and open it again to use the new version.',
  /** Follows “The”, with a plural. */
  file: 'news of releases',
  none: 'No newer version is known.',
  refused: {
    unreadable: 'The list of releases can’t be read.',
    foreign: 'The list of releases isn’t signed by Podkeeper’s key, so it was ignored.',
    expired: 'The list of releases has expired, so it was ignored. Check this computer’s clock.',
    'from-future': 'The list of releases is of a later day, so it was ignored. Check this computer’s clock.',
    older: 'The list of releases is older than one read before, so it was ignored.',
  } satisfies Record<FeedRefusal, string>,
} as const
