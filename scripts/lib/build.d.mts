/** Builds the app unless its build is newer than all sources. */
export function buildAppIfStale(): Promise<void>
/** The built command line. */
export const cliProgram: string

/** Builds the command line unless its build is newer than all sources. Throws if that fails. */
export function buildCli(): Promise<void>
