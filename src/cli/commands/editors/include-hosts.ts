import type { CommandRun } from '../../output/command-run'
import type { Result } from '../../../core/base/result'
import type { HostFiles } from '../../../ssh/hosts/host-files'
import { CliExit, exitCodes } from '../../output/exit'
import { promptLine } from '../confirm-by-name'
import { editorsText } from './editors-text'

export interface IncludeOptions extends Pick<CommandRun, 'isConfirmed' | 'keyboard' | 'output'> {
  readonly files: HostFiles
}

/** Adds the line to the person's SSH config once they agreed, unless it applies. Throws a `CliExit`. */
export async function includeHosts(options: IncludeOptions): Promise<void> {
  const { files } = options
  if (files.state() === 'applies') return
  await confirmLine(options, editorsText.toAdd(files.shownPath()))
  settle(files.include())
}

/** Removes it, and all hosts. Throws a `CliExit`. */
export async function removeHosts(options: IncludeOptions): Promise<void> {
  const { files } = options
  await confirmLine(options, editorsText.toRemove(files.shownPath()))
  settle(files.exclude())
}

async function confirmLine(
  { files, isConfirmed, keyboard, output }: IncludeOptions,
  title: string,
): Promise<void> {
  for (const text of [title, `  ${files.line}`, editorsText.nothingElse]) output.progress(text)
  if (isConfirmed) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, editorsText.needsYes)
  const answer = await promptLine(keyboard, editorsText.prompt)
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliExit(exitCodes.failed, editorsText.declined)
}

function settle(done: Result<void, string>): void {
  if (!done.ok) throw new CliExit(exitCodes.failed, done.error)
}
