import type { Result } from '../../core/base/result'
import type { ListeningReading } from '../../core/ports/listening-ports'
import type { Ssh } from '../../ssh/create-ssh'
import type { ConnectPrompts, SshTarget } from '../../ssh/connection/ssh-shell'
import { readListening } from '../../ssh/forward/read-listening'
import type { RunFailure } from '../../ssh/run/run-failure'

/** What an answer of a person can change. */
const answerable: readonly RunFailure['kind'][] = ['host-key-untrusted', 'host-key-changed', 'key-locked']

/**
 * What listens on a pod. Where the pod isn't trusted yet or the key is locked, a connection asks about that first, as
 * that of a terminal does.
 */
export async function readPodListening(
  ssh: Pick<Ssh, 'runCommand' | 'openPortConnection'>,
  target: SshTarget,
  prompts: ConnectPrompts,
  signal: AbortSignal,
): Promise<Result<ListeningReading, RunFailure>> {
  const reading = await readListening(ssh.runCommand, target, signal)
  if (reading.ok || !answerable.includes(reading.error.kind)) return reading
  const asked = await ssh.openPortConnection(target, signal, prompts)
  if (!asked.ok) return asked
  asked.value.close()
  return readListening(ssh.runCommand, target, signal)
}
