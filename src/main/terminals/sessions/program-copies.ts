import type { Clock } from '../../../core/base/time/clock'
import type { Result } from '../../../core/base/result'

export interface ProgramCopiesOptions {
  readonly clock: Pick<Clock, 'schedule'>
  /** Whether programs may copy at all. */
  readonly isEnabled: () => boolean
  /** Whether a window that shows the terminal has the focus. */
  readonly isSeen: () => boolean
  readonly isOpen: () => boolean
  /** Asks a person in the app's own window whether programs in this terminal may copy, beginning with this text. */
  readonly ask: (text: string) => Promise<Result<boolean, string>>
  readonly write: (text: string) => void
}

/** Beyond, only the last one is written. */
const WRITE_EVERY_MS = 100

/**
 * Returns what copies the texts that programs in one terminal ask to copy. The text is what the terminal printed; a
 * person is asked once. See docs/quality.md#44-escape-sequences-and-links.
 */
export function createProgramCopies(options: ProgramCopiesOptions): (text: string) => void {
  let answer: 'none' | 'asking' | 'yes' | 'no' = 'none'
  /** The last text since one was written, a moment ago. */
  let next: string | null = null
  let isPausing = false

  function write(text: string): void {
    if (!options.isOpen() || !options.isEnabled()) return
    isPausing = true
    options.write(text)
    options.clock.schedule(WRITE_EVERY_MS, () => {
      isPausing = false
      const last = next
      next = null
      if (last !== null) write(last)
    })
  }

  async function ask(text: string): Promise<void> {
    answer = 'asking'
    const asked = await options.ask(text)
    answer = !asked.ok ? 'none' : asked.value ? 'yes' : 'no'
    if (answer === 'yes') write(text)
  }

  return (text) => {
    if (!options.isEnabled() || !options.isSeen()) return
    if (answer === 'none') void ask(text)
    else if (answer !== 'yes') return
    else if (isPausing) next = text
    else write(text)
  }
}
