import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import { registerKeyQuestion } from '../../core/confirmation/terminal-questions'
import { type AccountId, parsePodKey, podNotListedText } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { SettingError } from '../../core/settings/settings'
import type { Handlers } from '../../shared/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import { accountText } from '../account/account-text'
import { terminalsText } from './terminals-text'

export type SshKeyRequestName = 'sshKeys' | 'createSshKey' | 'registerSshKey' | 'chooseSshKeyFile'

export interface SshKeyHandlersOptions {
  readonly ssh: Pick<Ssh, 'getKeysView' | 'generateKey' | 'shownKey' | 'registerKey'>
  /** Null unless that account is connected. The same for `accountPods`. */
  readonly provider: (accountId: AccountId) => Provider | null
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  /** Uses the system's dialog; null when canceled. */
  readonly chooseFile: () => Promise<string | null>
  /** Stores the path in the settings. */
  readonly saveFile: (path: string) => Result<void, readonly SettingError[]>
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
}

/** Handlers for local and registered keys, for the guided repair. */
export function createSshKeyHandlers(options: SshKeyHandlersOptions): Pick<Handlers, SshKeyRequestName> {
  const { ssh } = options
  return {
    async sshKeys(podKey) {
      const { accountId, podId } = parsePodKey(podKey)
      const [provider, account] = [options.provider(accountId), options.accountPods(accountId)]
      if (provider === null || account === null) return fail(accountText.notConnected)
      const pod = account.pods.find(({ id }) => id === podId)
      if (pod === undefined) return fail(podNotListedText)
      const { startedAtMs, ssh: podSsh } = pod
      return ok(await ssh.getKeysView(provider, { accountId, podId, startedAtMs, ssh: podSsh }))
    },
    createSshKey: () => ssh.generateKey(),
    async registerSshKey(accountId, fingerprint) {
      const provider = options.provider(accountId)
      if (provider === null) return fail(accountText.notConnected)
      const key = await ssh.shownKey(fingerprint)
      if (key === null) return fail(terminalsText.keyUnknown)
      const asked = await askWhether(options.ask, registerKeyQuestion(key, options.nameOf(accountId)))
      if (!asked.ok) return asked
      if (!asked.value) return ok(false)
      // The account may have changed while the question was open.
      if (options.provider(accountId) !== provider) return fail(terminalsText.otherKey)
      const registered = await ssh.registerKey(provider, accountId, fingerprint)
      return registered.ok ? ok(true) : registered
    },
    async chooseSshKeyFile() {
      const path = await options.chooseFile()
      if (path === null) return ok(null)
      const saved = options.saveFile(path)
      return saved.ok ? ok(path) : fail(saved.error.map(({ reason }) => reason).join(' '))
    },
  }
}
