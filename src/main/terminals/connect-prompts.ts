import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { PromptWindow } from '../windows/prompt-window'
import { hostKeyQuestion, passphraseQuestion } from '../../core/confirmation/terminal-questions'
import type { ConnectPrompts } from '../../ssh/connection/ssh-shell'
import type { TerminalSessionOptions } from './terminal-session-types'

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

/** The answers of a person in the app's own window. */
export const askInWindow = (
  ask: PromptWindow['ask'],
): Pick<TerminalSessionOptions, 'askHostKey' | 'askPassphrase'> => ({
  async askHostKey(podName, question, signal) {
    const asked = await ask(hostKeyQuestion(podName, question), signal)
    return asked.ok ? asked.value !== null : { notAsked: asked.error }
  },
  async askPassphrase(keyName, isRetry, signal) {
    const asked = await ask(passphraseQuestion(keyName, isRetry), signal)
    return asked.ok ? asked.value : { notAsked: asked.error }
  },
})
