import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { ConnectPrompts } from '../../ssh/connection/ssh-shell'

/** Asks the user what one connection attempt needs to know, and reports its progress to the terminal. */
export function createConnectPrompts(
  askHostKey: ConnectPrompts['confirmHostKey'],
  askPassphrase: ConnectPrompts['requestPassphrase'],
  emit: (event: TerminalEvent) => void,
): ConnectPrompts {
  return {
    async confirmHostKey(question, signal) {
      emit({ kind: 'host-key', question })
      const isTrusted = await askHostKey(question, signal)
      emit({ kind: 'step', step: 'checking-host-key' })
      return isTrusted
    },
    async requestPassphrase(keyName, isRetry, signal) {
      emit({ kind: 'passphrase', keyName })
      const typed = await askPassphrase(keyName, isRetry, signal)
      emit({ kind: 'step', step: 'signing-in' })
      return typed
    },
    onStep: (step) => emit({ kind: 'step', step }),
  }
}
