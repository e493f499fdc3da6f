import { writeProblem } from '../../../node/data-folder/format/folder-format'
import { CliExit, exitCodes } from '../../output/exit'
import type { GlobalOptions } from '../../program/command-types'
import type { CliContext } from './cli-context'

/**
 * The folder for a command that changes its files, whichever program is active on it. One that is new, or not in the
 * present format, can be written to once a program has held it.
 */
export async function prepareFolder(context: CliContext, options: GlobalOptions): Promise<string> {
  const folder = context.writableFolderOf(options)
  if (writeProblem(folder) === null) return folder
  const lock = context.lockDataFolder(options)
  await lock.start().catch(() => {})
  lock.dispose()
  const problem = writeProblem(folder)
  if (problem !== null) throw new CliExit(exitCodes.failed, problem)
  return folder
}
