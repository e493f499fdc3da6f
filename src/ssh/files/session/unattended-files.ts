import { fail, type Result } from '../../../core/base/result'
import type { HostKeyQuestion, SshFailure } from '../../../core/terminal/host-key'
import type { SshTarget } from '../../connection/ssh-shell'
import { type RunFailure, toRunFailure } from '../../run/run-failure'
import { unattendedPrompts } from '../../run/unattended'
import type { FileSession, OpenFileSession } from './open-file-session'

/** Connects to a pod for its files, without asking anything; see `RunCommand`. */
export async function openUnattendedFiles(
  openFileSession: OpenFileSession,
  target: SshTarget,
  signal: AbortSignal,
): Promise<Result<FileSession, RunFailure>> {
  const prompts = unattendedPrompts()
  const opened = await openFileSession(target, prompts, signal)
  return opened.ok ? opened : fail(toFilesFailure(opened.error, prompts.question()))
}

/** See `toRunFailure`. */
export const toFilesFailure = (failure: SshFailure, question: HostKeyQuestion | null): RunFailure =>
  failure.kind === 'no-shell'
    ? { kind: 'no-shell', reason: 'its SSH server has no SFTP, which files need' }
    : toRunFailure(failure, question)
