import type { HostKeyQuestion } from '../../core/terminal/host-key'
import type { ConnectPrompts } from '../connection/ssh-shell'

/** Trusts nothing new and knows no passphrase. `question`: what would have been asked. */
export function unattendedPrompts(): ConnectPrompts & { question(): HostKeyQuestion | null } {
  let asked: HostKeyQuestion | null = null
  return {
    isUnattended: true,
    confirmHostKey(question) {
      asked = question
      return Promise.resolve(false)
    },
    requestPassphrase: () => Promise.resolve(null),
    onStep() {},
    question: () => asked,
  }
}
