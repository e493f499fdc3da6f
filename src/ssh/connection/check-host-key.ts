import { join } from 'node:path'
import type { SshEndpoint } from '../../core/pods/pod'
import type { HostKeyQuestion, SshFailure, SshServerName } from '../../core/terminal/host-key'
import { readSmallFile } from '../config/read-small-file'
import type { HostKeyFile } from '../host-keys/host-key-file'
import type { PinScope } from '../host-keys/host-key-pins'
import { MAX_KNOWN_HOSTS_BYTES, readKnownHosts } from '../host-keys/known-hosts'
import { knownKeyTypes, type KnownServer, verifyHostKey } from '../host-keys/verify-host-key'
import { type PublicKey, toHostKeyView } from '../keys/public-key'
import type { StepResult } from './authenticate'
import type { ConnectPrompts, SshTarget } from './ssh-shell'

export interface HostKeyCheckOptions {
  readonly hostKeys: HostKeyFile
  /** The user's home folder. */
  readonly home: string
  readonly nowMs: () => number
  readonly target: SshTarget
  readonly endpoint: SshEndpoint
  readonly server: SshServerName
  readonly isKnownProxy: boolean
  /** The server runs in this process, so that its key is trusted without a question and not remembered. */
  readonly isOwnServer: boolean
  readonly prompts: Pick<ConnectPrompts, 'confirmHostKey'>
  readonly signal: AbortSignal
}

/** The check of one server's host key, before anything is sent that identifies the user. */
export interface HostKeyCheck {
  /** The types of the server's known keys. */
  readonly knownKeyTypes: readonly string[]
  /** May ask the user, and remembers the key that they trust. */
  readonly verify: (key: PublicKey) => Promise<StepResult<PublicKey>>
}

/** See docs/product-rules.md#82-host-keys. */
export function createHostKeyCheck(options: HostKeyCheckOptions): HostKeyCheck {
  const { hostKeys, endpoint, server, isKnownProxy, prompts, signal } = options
  const known = findKnownServer(options)
  const reject = (failure: SshFailure): StepResult<PublicKey> => ({ kind: 'no', failure })
  const pin = (key: PublicKey): void =>
    hostKeys.pin({
      scope: known.scope,
      key,
      pinnedAtMs: options.nowMs(),
      startedAtMs: known.startedAtMs,
    })

  async function ask(question: HostKeyQuestion, key: PublicKey): Promise<StepResult<PublicKey>> {
    const isTrusted = await prompts.confirmHostKey(question, signal).catch(() => false)
    if (typeof isTrusted === 'object') return reject({ kind: 'not-asked', message: isTrusted.notAsked })
    if (!isTrusted || signal.aborted) return reject({ kind: 'host-key-declined' })
    pin(key)
    return { kind: 'yes', value: key }
  }

  return {
    knownKeyTypes: knownKeyTypes(known),
    async verify(key) {
      if (options.isOwnServer) return { kind: 'yes', value: key }
      const offered = toHostKeyView(key)
      const shown = { server, username: endpoint.username, isKnownProxy, offered }
      const verdict = verifyHostKey(key, known)
      switch (verdict.kind) {
        case 'trusted':
          if (known.pin === null) pin(key)
          else hostKeys.recordSeen(known.pin, known.startedAtMs)
          return { kind: 'yes', value: key }
        case 'new':
          return ask({ kind: 'new', ...shown }, key)
        case 'changed-by-restart':
          return ask({ kind: 'changed-by-restart', ...shown, known: toHostKeyView(verdict.known) }, key)
        case 'changed':
          return reject({
            kind: 'host-key-changed',
            server,
            offered,
            known: toHostKeyView(verdict.known),
            ...(known.pin === null ? { knownBy: 'known_hosts' } : {}),
          })
        case 'revoked':
          return reject({ kind: 'host-key-revoked', server, offered })
        case 'too-short': {
          const message = `The server’s host key has ${verdict.rsaBits} bits, which is no longer secure. It needs a newer SSH server.`
          return reject({ kind: 'no-common-algorithm', server, message })
        }
      }
    },
  }
}

function findKnownServer({ hostKeys, home, target, server, isKnownProxy }: HostKeyCheckOptions): KnownServer {
  const { accountId, podId, startedAtMs } = target
  const { route, host, port } = server
  const scope: PinScope =
    route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', host, port }
  const text = readSmallFile(join(home, '.ssh/known_hosts'), MAX_KNOWN_HOSTS_BYTES)
  return {
    pin: hostKeys.find(scope),
    scope,
    knownHosts: readKnownHosts(text ?? '', host, port),
    isKnownProxy,
    startedAtMs: route === 'direct' ? startedAtMs : null,
  }
}
