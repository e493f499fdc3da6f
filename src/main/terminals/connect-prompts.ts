import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { SshAttendant } from '../../ssh/ssh-shell'
import type { HostKeyPrompt } from './host-key-questions'

/** Asks a person what one try to connect wants to know, and tells the life of its terminal what goes on. */
export function createConnectPrompts(
  hostKeyPrompt: Pick<HostKeyPrompt, 'request'>,
  askPassphrase: SshAttendant['askPassphrase'],
  emit: (event: TerminalEvent) => void,
): SshAttendant {
  return {
    async askHostKey(question, signal) {
      const isTrusted = await hostKeyPrompt.request(question, signal)
      emit({ kind: 'step', step: 'checking-host-key' })
      return isTrusted
    },
    async askPassphrase(keyName, isRetry, signal) {
      emit({ kind: 'passphrase', keyName })
      const typed = await askPassphrase(keyName, isRetry, signal)
      emit({ kind: 'step', step: 'signing-in' })
      return typed
    },
    onStep: (step) => emit({ kind: 'step', step }),
  }
}
