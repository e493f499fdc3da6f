import type { AccountId, PodId } from '../core/pod'
import type { SshServerName } from '../core/terminal'
import { HostKeyFile } from './host-key-file'
import type { OpenShell } from './open-connection'
import type { SshTiming } from './connect'

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
}

export function createSsh(options: SshOptions): Ssh {
  const { home, env, platform, nowMs, onProblem } = options
  const hostKeys = new HostKeyFile({ path: options.hostKeyFile, nowMs, onProblem })
  const places = { home, env, platform, chosenFile: options.chosenKeyFile }
  let opening: Promise<OpenShell> | null = null

  async function loadOpenShell(): Promise<OpenShell> {
    const [{ createOpenShell, sshTiming }, { KeyRing }] = await Promise.all([
      import('./connect'),
      import('./key-ring'),
    ])
    const timing = options.timing ?? sshTiming
    return createOpenShell({
      hostKeys,
      keyRing: new KeyRing(),
      places,
      timing,
      nowMs,
      registeredOf: () => null,
    })
  }

  return {
    async openShell(...args) {
      opening ??= loadOpenShell()
      return (await opening)(...args)
    },
    forgetHostKey: (accountId, podId, { route, host, port }) =>
      hostKeys.forget(route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', host, port }),
  }
}
