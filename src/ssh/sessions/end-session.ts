import { endScript } from '../../core/terminal/tmux/session-scripts'
import type { SshTarget } from '../connection/ssh-shell'
import type { RunCommand } from '../run/run-command'

const LIMIT_MS = 20_000

/** Ends sessions of a pod without asking anything. Resolves to whether they are certainly over. */
export async function endSessions(
  runCommand: RunCommand,
  target: SshTarget,
  names: readonly string[],
): Promise<boolean> {
  const { direct, proxy } = target.ssh
  const at = { ...target, ssh: { direct, proxy: direct === null ? proxy : null } }
  const command = { script: endScript(names), limitMs: LIMIT_MS, maxOutputBytes: 16 * 1024 }
  const ran = await runCommand(at, command, new AbortController().signal)
  return ran.ok && ran.value.exitCode === 0 && /^ended\r?$/m.test(ran.value.bytes.toString('latin1'))
}
