import type { AccountId, PodId } from '../core/pods/pod'
import type { Result } from '../core/base/result'
import type { SshServerName } from '../core/terminal/host-key'
import type { LocalSshKey, SshKeysView } from '../core/terminal/ssh-keys'
import { HostKeyFile } from './host-keys/host-key-file'
import type { OpenShell, SshTarget } from './connection/ssh-shell'
import type { SshTiming } from './connection/connect'
import type { KeyRegistry } from './key-setup/register-key'

export interface SshOptions {
  /** Where the keys of known servers are kept. */
  readonly hostKeyFile: string
  /** The person's home folder, below which `.ssh` lies. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** Unix ms. */
  readonly nowMs: () => number
  /** The setting `sshKeyFile`. */
  readonly chosenKeyFile: () => string | null
  /** Where `unlock-program.ts` lies once it is built: it opens keys that have a passphrase, in a thread of its own. */
  readonly unlockProgram: string
  /** A sentence for people on something that does not end a connection. */
  readonly onProblem: (words: string) => void
  /** For tests; otherwise that of `sshTiming`. */
  readonly timing?: SshTiming
}

/** All that Podkeeper does by SSH. What is large is loaded when it is first needed. */
export interface Ssh {
  readonly openShell: OpenShell
  /** The next key that this server shows is asked about as a new one. */
  forgetHostKey(accountId: AccountId, podId: PodId, server: SshServerName): void
  /** The keys here and at the provider, and what is likely wrong. */
  keysView(provider: KeyRegistry, target: SshTarget): Promise<SshKeysView>
  /** Makes an ed25519 key beside the others of this computer. Fails with a reason in words. */
  makeKey(): Promise<Result<LocalSshKey, string>>
  /** Adds a key of this computer to those of the account, which stay. Fails with a reason in words. */
  registerKey(provider: KeyRegistry, accountId: AccountId, fingerprint: string): Promise<Result<void, string>>
}

export function createSsh(options: SshOptions): Ssh {
  const { home, env, platform, nowMs, onProblem } = options
  const hostKeys = new HostKeyFile({ path: options.hostKeyFile, nowMs, onProblem })
  const places = { home, env, platform, chosenFile: options.chosenKeyFile }
  let parts: ReturnType<typeof load> | null = null

  async function load() {
    const [{ createOpenShell, sshTiming }, { KeyRing }, { KeyDesk }] = await Promise.all([
      import('./connection/connect'),
      import('./keys/key-ring'),
      import('./key-setup/keys-view'),
    ])
    const keys = new KeyDesk(places)
    const timing = options.timing ?? sshTiming
    const openShell = createOpenShell({
      hostKeys,
      keyRing: new KeyRing({ unlockProgram: options.unlockProgram, unlockMs: timing.unlockMs }),
      places,
      timing,
      nowMs,
      registeredOf: (accountId) => keys.registeredOf(accountId),
    })
    return { openShell, keys }
  }
  const loaded = (): ReturnType<typeof load> => (parts ??= load())

  return {
    openShell: async (...args) => (await loaded()).openShell(...args),
    forgetHostKey: (accountId, podId, { route, host, port }) =>
      hostKeys.forget(route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', host, port }),
    keysView: async (provider, target) => (await loaded()).keys.view(provider, target),
    makeKey: async () => (await loaded()).keys.make(),
    registerKey: async (provider, accountId, fingerprint) =>
      (await loaded()).keys.register(provider, accountId, fingerprint),
  }
}
