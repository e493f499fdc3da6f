import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { SshAttendant } from '../../ssh/connection/ssh-shell'
import type { HostKeyQuestions } from './host-key-questions'

/** Asks a person what one try to connect wants to know, and tells the life of its terminal what goes on. */
export function createAttendant(
  questions: Pick<HostKeyQuestions, 'ask'>,
  askPassphrase: SshAttendant['askPassphrase'],
  tell: (event: TerminalEvent) => void,
): SshAttendant {
  return {
    async askHostKey(question, stop) {
      const isTrusted = await questions.ask(question, stop)
      tell({ kind: 'step', step: 'checking-host-key' })
      return isTrusted
    },
    async askPassphrase(keyName, isAgain, stop) {
      tell({ kind: 'passphrase', keyName })
      const typed = await askPassphrase(keyName, isAgain, stop)
      tell({ kind: 'step', step: 'signing-in' })
      return typed
    },
    onStep: (step) => tell({ kind: 'step', step }),
  }
}
