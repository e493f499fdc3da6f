import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Provider } from '../../core/pods/provider'
import { fail, ok } from '../../core/base/result'
import type { Handlers } from '../../shared/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import { toRequestError } from '../ipc/to-request-error'

export type SshKeyRequestName = 'sshKeys' | 'createSshKey' | 'registerSshKey' | 'chooseSshKeyFile'

export interface SshKeyHandlersOptions {
  readonly ssh: Pick<Ssh, 'getKeysView' | 'generateKey' | 'registerKey'>
  /** Null when no account is connected. */
  readonly provider: () => Provider | null
  readonly accountPods: () => AccountPods | null
  /** Uses the system's dialog; null when canceled. */
  readonly chooseFile: () => Promise<string | null>
  /** Stores the path in the settings; errors are sentences. */
  readonly saveFile: (path: string) => ReturnType<Handlers['changeSetting']>
}

const NO_ACCOUNT = { message: 'No account is connected.' }

/** Handlers for local and registered keys, for the guided repair. */
export function createSshKeyHandlers(options: SshKeyHandlersOptions): Pick<Handlers, SshKeyRequestName> {
  const { ssh } = options
  return {
    async sshKeys(podId) {
      const [provider, account] = [options.provider(), options.accountPods()]
      if (provider === null || account === null) return fail(NO_ACCOUNT)
      const pod = account.pods.find(({ id }) => id === podId)
      if (pod === undefined) return fail({ message: 'That pod is not in the list any more.' })
      const { startedAtMs, ssh: podSsh } = pod
      return ok(
        await ssh.getKeysView(provider, { accountId: account.accountId, podId, startedAtMs, ssh: podSsh }),
      )
    },
    createSshKey: async () => toRequestError(await ssh.generateKey()),
    async registerSshKey(fingerprint) {
      const [provider, account] = [options.provider(), options.accountPods()]
      if (provider === null || account === null) return fail(NO_ACCOUNT)
      return toRequestError(await ssh.registerKey(provider, account.accountId, fingerprint))
    },
    async chooseSshKeyFile() {
      const path = await options.chooseFile()
      if (path === null) return ok(null)
      const saved = await options.saveFile(path)
      return saved.ok ? ok(path) : saved
    },
  }
}
