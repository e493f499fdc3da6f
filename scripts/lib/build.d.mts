/** Builds the app unless its build is newer than all sources. */
export function buildAppIfStale(): Promise<void>
/** The folder of the newest build of the app, with main, preload, renderer, icons and licenses.txt. */
export function appBuildFolder(): string

/** The built command line. */
export const cliProgram: string

/** Builds the command line unless its build is newer than all sources. Throws if that fails. */
export function buildCli(): Promise<void>
