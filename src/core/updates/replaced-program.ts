import type { Clock } from '../base/time/clock'
import { MINUTE_MS } from '../base/time/time'

export interface ReplacedProgramOptions {
  readonly clock: Clock
  /** Tells one file of the program from another in its place. Null while there is none, or it can't be read. */
  readonly stamp: () => string | null
  /** Called once. */
  readonly onReplaced: () => void
}

const LOOK_EVERY_MS = MINUTE_MS

/**
 * Notices that the files of the program that runs were replaced, as by the update of a package. Begins at once; returns
 * what ends it. See docs/product-rules.md#17-updates.
 */
export function watchForReplacedProgram({ clock, stamp, onReplaced }: ReplacedProgramOptions): () => void {
  const first = stamp()
  let cancel = (): void => {}
  function look(): void {
    // While a package is unpacked, its files may be missing.
    const now = stamp()
    if (now === null || now === first) cancel = clock.schedule(LOOK_EVERY_MS, look)
    else onReplaced()
  }
  if (first !== null) cancel = clock.schedule(LOOK_EVERY_MS, look)
  return () => cancel()
}
