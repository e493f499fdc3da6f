import type { Result } from '../../core/base/result'

/** What a system needs to install an update that was downloaded and verified. */
export interface UpdateInstaller {
  /** Hands the file over as soon as it was verified, where the system wants that. The error is a sentence. */
  readonly stage: (path: string) => Promise<Result<void, string>>
  /** Whether `install` is needed at each end of the program, or only to restart. */
  readonly isCalledAtQuit: boolean
  /** Called when nothing is open any more. Returns whether this ends the program. */
  readonly install: (path: string, restarts: boolean) => boolean
}
