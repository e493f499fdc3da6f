import { dirname } from 'node:path'
import type { AccountId, PodId, SshEndpoint } from '../core/pods/pod'
import type { Result } from '../core/base/result'
import type { SshServerName } from '../core/terminal/host-key'
import type { LocalSshKey, SshKeysView } from '../core/terminal/ssh-keys'
import { HostKeyFile } from './host-keys/host-key-file'
import { createHostKeyOutlookOf, type HostKeyOutlookOf } from './host-keys/host-key-outlook'
import { openSeenHostKeys } from './host-keys/seen-host-keys'
import type { OpenShell, SshTarget } from './connection/ssh-shell'
import type { SshTiming } from './connection/connect'
import type { OpenFileSession } from './files/session/open-file-session'
import type { OpenPortConnection } from './forward/open-port-connection'
import type { OpenScript } from './run/open-script'
import type { OpenScriptSession } from './run/open-script-session'
import type { RunCommand } from './run/run-command'
import type { DescribedHost } from './hosts/describe-host'
import type { KeyRegistry } from './key-setup/register-key'

export interface SshOptions {
  /** Where the host keys of known servers are stored. Which ones pods showed is remembered beside it. */
  readonly hostKeyFile: string
  /** Another program owns that file: it is read, and never written. */
  readonly areHostKeysReadOnly?: boolean
  /** The user's home folder, which contains `.ssh`. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** `loopback-only` refuses every server that is not on this computer. Default: `any`. */
  readonly hosts?: 'any' | 'loopback-only'
  readonly platform: NodeJS.Platform
  /** Unix ms. */
  readonly nowMs: () => number
  /**
   * Whether a proxy is one that the provider is known to use for this pod. Only for these do `known_hosts` and
   * what `~/.ssh/config` says about their host count.
   */
  readonly isKnownProxy: (endpoint: SshEndpoint, podId: PodId) => boolean
  /** The setting `sshKeyFile`. */
  readonly chosenKeyFile: () => string | null
  /**
   * The only key for the pods of an account whose servers run in this process, a private one in OpenSSH's format;
   * null: the keys of this computer. Host keys of such servers are trusted without a question. Default: null.
   */
  readonly accountKey?: (accountId: AccountId) => string | null
  /** Path of the built `unlock-worker.ts`, which decrypts keys with a passphrase in a separate thread. */
  readonly unlockWorkerPath: string
  /** Reports a user-facing sentence about a problem that doesn't end a connection. */
  readonly onProblem: (text: string) => void
  /** For tests; defaults to `sshTiming`. */
  readonly timing?: SshTiming
}

/** Entry point for everything that uses SSH. Large modules are loaded on first use. */
export interface Ssh {
  readonly openShell: OpenShell
  readonly runCommand: RunCommand
  readonly openScript: OpenScript
  readonly openScriptSession: OpenScriptSession
  readonly openFileSession: OpenFileSession
  readonly openPortConnection: OpenPortConnection
  /** See `describeHost`. Null, too, for an account whose servers run in this process. */
  describeHost(target: SshTarget): Promise<DescribedHost | null>
  /** What can be expected of the host key of a pod that doesn't run. */
  readonly hostKeyOutlookOf: HostKeyOutlookOf
  /** Forgets the pinned key, so that the next key from this server is treated as new. */
  forgetHostKey(accountId: AccountId, podId: PodId, server: SshServerName): void
  /** The keys on this computer and at the provider, and the likely problem. */
  getKeysView(provider: KeyRegistry, target: SshTarget): Promise<SshKeysView>
  /**
   * Creates an ed25519 key next to the other keys of this computer. On failure, returns a user-facing reason.
   */
  generateKey(): Promise<Result<LocalSshKey, string>>
  /** See `generatePodKey`. */
  generatePodKey(runId: string): Promise<Result<string, string>>
  /** See `removePodKey`. */
  removePodKey(runId: string): Promise<void>
  /** A key of this computer that was shown, given its fingerprint; null if there was none. */
  shownKey(fingerprint: string): Promise<LocalSshKey | null>
  /**
   * Adds a key of this computer to the account's keys, which all stay. On failure, returns a user-facing
   * reason.
   */
  registerKey(provider: KeyRegistry, accountId: AccountId, fingerprint: string): Promise<Result<void, string>>
  /** How many keys of this computer are among the registered lines of an account. */
  readonly compareKeys: (
    registered: readonly string[],
  ) => ReturnType<typeof import('./key-setup/compare-keys').compareKeys>
  /** See `foreignKeys`. */
  readonly foreignKeys: (
    accountId: AccountId,
    registered: readonly string[],
  ) => ReturnType<typeof import('./key-setup/foreign-keys').foreignKeys>
  /** Whether an SSH server answers there within seconds. Nothing is sent, and no host key is looked at. */
  readonly isReachable: (endpoint: SshEndpoint) => Promise<boolean>
  /** Removes opened private keys from memory, so that their passphrases are asked for again. Shells stay open. */
  readonly closeKeys: () => void
}

export function createSsh(options: SshOptions): Ssh {
  const { home, env, platform, nowMs, onProblem } = options
  const hostKeys = new HostKeyFile({
    path: options.hostKeyFile,
    isReadOnly: options.areHostKeysReadOnly ?? false,
    nowMs,
    onProblem,
  })
  const seenKeys = openSeenHostKeys({ folder: dirname(options.hostKeyFile), onProblem })
  const locations = { home, env, platform, chosenFile: options.chosenKeyFile }
  let loading: ReturnType<typeof load> | null = null

  async function load() {
    const [
      { createConnect, sshTiming },
      { createOpenShell },
      { createRunCommand },
      { createOpenScript },
      { createOpenScriptSession },
      { createOpenFileSession },
      { createOpenPortConnection },
      { KeyRing },
      { SshKeys },
      { describeHost },
    ] = await Promise.all([
      import('./connection/connect'),
      import('./sessions/open-shell'),
      import('./run/run-command'),
      import('./run/open-script'),
      import('./run/open-script-session'),
      import('./files/session/open-file-session'),
      import('./forward/open-port-connection'),
      import('./keys/key-ring'),
      import('./key-setup/ssh-keys'),
      import('./hosts/describe-host'),
    ])
    const keys = new SshKeys(locations, options.isKnownProxy)
    const timing = options.timing ?? sshTiming
    const keyRing = new KeyRing({
      unlockWorkerPath: options.unlockWorkerPath,
      unlockTimeoutMs: timing.unlockMs,
    })
    const connect = createConnect({
      hostKeys,
      seenKeys,
      keyRing,
      locations,
      timing,
      hosts: options.hosts ?? 'any',
      nowMs,
      isKnownProxy: options.isKnownProxy,
      accountKey: options.accountKey ?? (() => null),
      registeredFingerprints: (accountId) => keys.registeredOf(accountId),
    })
    return {
      openShell: createOpenShell(connect),
      runCommand: createRunCommand(connect),
      openScript: createOpenScript(connect),
      openScriptSession: createOpenScriptSession(connect),
      openFileSession: createOpenFileSession(connect),
      openPortConnection: createOpenPortConnection(connect),
      keys,
      keyRing,
      describeHost: (target: SshTarget) =>
        describeHost(
          { hostKeys, locations, registeredFingerprints: (accountId) => keys.registeredOf(accountId) },
          target,
        ),
    }
  }
  const hostKeyOutlookOf = createHostKeyOutlookOf({
    hostKeys,
    seenKeys,
    home,
    isKnownProxy: options.isKnownProxy,
  })
  const loadOnce = (): ReturnType<typeof load> => (loading ??= load())

  return {
    openShell: async (...args) => (await loadOnce()).openShell(...args),
    runCommand: async (...args) => (await loadOnce()).runCommand(...args),
    openScript: async (...args) => (await loadOnce()).openScript(...args),
    openScriptSession: async (...args) => (await loadOnce()).openScriptSession(...args),
    openFileSession: async (...args) => (await loadOnce()).openFileSession(...args),
    openPortConnection: async (...args) => (await loadOnce()).openPortConnection(...args),
    describeHost: async (target) =>
      options.accountKey?.(target.accountId) == null ? (await loadOnce()).describeHost(target) : null,
    // A connection with an account's own key asks nothing.
    hostKeyOutlookOf: (accountId, ...args) =>
      options.accountKey?.(accountId) == null ? hostKeyOutlookOf(accountId, ...args) : 'stays',
    forgetHostKey: (accountId, podId, { route, host, port }) =>
      hostKeys.forget(
        route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', accountId, host, port },
      ),
    getKeysView: async (provider, target) => (await loadOnce()).keys.view(provider, target),
    generateKey: async () => (await loadOnce()).keys.generate(),
    generatePodKey: async (runId) => (await import('./keys/generate-key')).generatePodKey(home, runId),
    removePodKey: async (runId) => (await import('./keys/generate-key')).removePodKey(home, runId),
    shownKey: async (fingerprint) => (await loadOnce()).keys.shown(fingerprint),
    registerKey: async (provider, accountId, fingerprint) =>
      (await loadOnce()).keys.register(provider, accountId, fingerprint),
    compareKeys: async (registered) =>
      (await import('./key-setup/compare-keys')).compareKeys(locations, registered),
    foreignKeys: async (accountId, registered) =>
      (await import('./key-setup/foreign-keys')).foreignKeys(
        locations,
        registered,
        options.accountKey?.(accountId) ?? null,
      ),
    isReachable: async (endpoint) =>
      (await import('./connection/reach-server')).reachServer(endpoint, options.hosts ?? 'any'),
    // Without a connection so far there are none, and nothing is loaded for that.
    closeKeys: () => void loading?.then(({ keyRing }) => keyRing.close()),
  }
}
