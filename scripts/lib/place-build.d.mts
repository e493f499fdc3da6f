/** A file that starts the build of a name. */
export interface BuildEntry {
  readonly file: string
  readonly textFor: (name: string) => string
}

export const APP_ENTRY: BuildEntry

/** Moves a finished build to `<folder>/builds` and makes it the one that starts; returns its name. */
export function placeBuild(
  folder: string,
  staged: string,
  version: string,
  options?: { readonly entry?: BuildEntry; readonly nowMs?: number },
): string
