/** Moves a finished build to `<folder>/builds` and makes it the one that starts; returns its name. */
export function placeBuild(folder: string, staged: string, version: string, nowMs?: number): string
