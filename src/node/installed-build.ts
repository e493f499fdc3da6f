import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { HOUR_MS, MINUTE_MS } from '../core/base/time/time'

/*
 * Each build of this program has a folder of its own, which stays while it runs; the file that people start imports the
 * newest. See scripts/lib/place-build.mjs.
 */

/** Of a program that runs for long; those that end sooner need nothing that a later build could take away. */
const FIRST_MARK_MS = MINUTE_MS

/** Says from time to time that the build in `folder` runs, so that no later one removes it. */
export function keepBuild(folder: string): void {
  const mark = (): void => {
    try {
      writeFileSync(join(folder, 'in-use'), '')
    } catch {
      // The user of this program may not write there.
    }
  }
  setTimeout(mark, FIRST_MARK_MS).unref()
  setInterval(mark, HOUR_MS).unref()
}

/**
 * The build that is started now where it isn't the one in `folder`, such as "0.2.0-3f9c0a1b22". Null: it is, or nobody
 * knows. `entryFile`: the file that people start, from the folder that has all builds.
 */
export function otherInstalledBuild(folder: string, entryFile: string): string | null {
  try {
    const entry = readFileSync(join(folder, '..', entryFile), 'utf8')
    const installed = /\/builds\/([\w.-]+)\//.exec(entry)?.[1] ?? null
    return installed === basename(folder) ? null : installed
  } catch {
    return null
  }
}
