import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { ConnectPrompts } from '../../ssh/connection/ssh-shell'
import type { TerminalSessionOptions } from './terminal-session-options'

/** Asks the user what one connection attempt needs to know, and reports its progress to the terminal. */
export function createConnectPrompts(
  podName: string,
  { askHostKey, askPassphrase }: Pick<TerminalSessionOptions, 'askHostKey' | 'askPassphrase'>,
  emit: (event: TerminalEvent) => void,
): ConnectPrompts {
  return {
    async confirmHostKey(question, signal) {
      emit({ kind: 'host-key', question })
      const isTrusted = await askHostKey(podName, question, signal)
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
