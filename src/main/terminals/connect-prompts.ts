import { errorText, wentWrongText } from '../../core/base/text/error-text'
import { fail, type Result } from '../../core/base/result'
import type { SshFailure } from '../../core/terminal/host-key'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { TerminalEvent } from '../../core/terminal/terminal-state'
import type { AccountId } from '../../core/pods/pod'
import type { PromptWindow } from '../windows/prompt-window'
import { hostKeyQuestion, passphraseQuestion } from '../../core/confirmation/terminal-questions'
import type { ConnectPrompts, SessionRequest, SshShell } from '../../ssh/connection/ssh-shell'
import type { TerminalPod } from './terminal-pod'
import type { TerminalSessionOptions } from './terminal-session-types'

type Asking = Pick<TerminalSessionOptions, 'askHostKey' | 'askPassphrase'>

/** Opens a shell on the pod. Errors of any kind are failures. */
export async function openPodShell(
  { name, target }: TerminalPod,
  size: TerminalSize,
  options: Asking & Pick<TerminalSessionOptions, 'openShell'>,
  signal: AbortSignal,
  request: SessionRequest | undefined,
  emit: (event: TerminalEvent) => void,
): Promise<Result<SshShell, SshFailure>> {
  if (target === null) return fail({ kind: 'no-route' })
  const prompts = createConnectPrompts(name, options, (event) => {
    // Events of an aborted attempt must not affect the next one.
    if (!signal.aborted) emit(event)
  })
  try {
    return await options.openShell(target, size, prompts, signal, request)
  } catch (cause) {
    return fail({ kind: 'no-shell', message: wentWrongText(errorText(cause)) })
  }
}

/** Asks the user what one connection attempt needs to know, and reports its progress to the terminal. */
export function createConnectPrompts(
  podName: string,
  { askHostKey, askPassphrase }: Asking,
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

/** The answers of a person in the app's own window. `nameOf`: of an account, null where there is only one. */
export const askInWindow = (
  ask: PromptWindow['ask'],
  nameOf: (accountId: AccountId) => string | null,
): Asking => ({
  async askHostKey(podName, question, signal) {
    const asked = await ask(hostKeyQuestion(podName, nameOf(question.accountId), question), signal)
    return asked.ok ? asked.value !== null : { notAsked: asked.error }
  },
  async askPassphrase(keyName, isRetry, signal) {
    const asked = await ask(passphraseQuestion(keyName, isRetry), signal)
    return asked.ok ? asked.value : { notAsked: asked.error }
  },
})
