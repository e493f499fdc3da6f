/** Builds the app unless its build is newer than all sources. */
export function buildAppIfStale(): Promise<void>
