import type { SshEndpoint } from '../../core/pods/pod'
import type { HostKeyQuestion, HostKeyView, SshFailure, SshServerName } from '../../core/terminal/host-key'
import {
  type HostKeyObservation,
  isAcceptedForJobs,
  type SeenHostKey,
} from '../../core/terminal/seen-host-key'
import type { HostKeyFile } from '../host-keys/host-key-file'
import type { PinScope } from '../host-keys/host-key-pins'
import { readKnownHostsFile } from '../host-keys/known-hosts'
import type { SeenHostKeys } from '../host-keys/seen-host-keys'
import { knownKeyTypes, type KnownServer, verifyHostKey } from '../host-keys/verify-host-key'
import { isSameKey, type PublicKey, toHostKeyView } from '../keys/public-key'
import type { StepResult } from './authenticate'
import type { ConnectPrompts, SshTarget } from './ssh-shell'

export interface HostKeyCheckOptions {
  readonly hostKeys: HostKeyFile
  readonly seenKeys: SeenHostKeys
  /** The user's home folder. */
  readonly home: string
  readonly nowMs: () => number
  readonly target: SshTarget
  readonly endpoint: SshEndpoint
  readonly server: SshServerName
  readonly isKnownProxy: boolean
  /** The server runs in this process, so that its key is trusted without a question and not remembered. */
  readonly isOwnServer: boolean
  readonly prompts: Pick<ConnectPrompts, 'confirmHostKey' | 'isUnattended' | 'jobHostKeys'>
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
  const { hostKeys, seenKeys, endpoint, server, isKnownProxy, prompts, signal, target } = options
  const known = findKnownServer(options)
  const reject = (failure: SshFailure): StepResult<PublicKey> => ({ kind: 'no', failure })
  const pin = (key: PublicKey): void =>
    hostKeys.pin({
      scope: known.scope,
      key,
      pinnedAtMs: options.nowMs(),
      startedAtMs: known.startedAtMs,
    })

  /** Null: it says nothing about a start of the pod. */
  function observationOf(key: HostKeyView, isAsked: boolean): HostKeyObservation | null {
    const { accountId, podId, startedAtMs } = target
    if (server.route !== 'direct' || startedAtMs === null) return null
    return { accountId, podId, startedAtMs, key, isAsked }
  }

  const seenKey = (): SeenHostKey | null =>
    server.route === 'direct' ? seenKeys.find(target.accountId, target.podId) : null

  /** Whether the queue accepted the key for jobs, or does so now. */
  function isTrustedForJobs(key: HostKeyView): boolean {
    if (prompts.jobHostKeys === undefined) return false
    const { acceptance } = prompts.jobHostKeys
    if (isAcceptedForJobs(seenKey(), key)) return acceptance?.record(key) ?? true
    const observation = observationOf(key, false)
    if (acceptance === null || observation === null || !acceptance.mayAccept(key)) return false
    // In this order: a program that ends in between writes it down with the next connection.
    return seenKeys.accept(observation, options.nowMs()) && acceptance.record(key)
  }

  function acceptedSince(startedAtMs: number | null): Pick<HostKeyQuestion, 'acceptedForJobs'> {
    const seen = seenKey()
    return seen?.acceptedAtMs == null || seen.startedAtMs !== startedAtMs
      ? {}
      : { acceptedForJobs: { ...seen.key, atMs: seen.acceptedAtMs } }
  }

  /** Of several, one that differs. */
  function knownByOthers(offered: PublicKey): Pick<HostKeyQuestion, 'knownByAnotherAccount'> {
    const keys = hostKeys.findOfOthers(known.scope).map(({ key }) => key)
    const key = keys.find(({ blob }) => !isSameKey(blob, offered.blob)) ?? keys[0]
    return key === undefined ? {} : { knownByAnotherAccount: toHostKeyView(key) }
  }

  async function ask(question: HostKeyQuestion, key: PublicKey): Promise<StepResult<PublicKey>> {
    if (isTrustedForJobs(question.offered)) return { kind: 'yes', value: key }
    const isTrusted = await prompts.confirmHostKey(question, signal).catch(() => false)
    if (typeof isTrusted === 'object') return reject({ kind: 'not-asked', message: isTrusted.notAsked })
    if (!isTrusted || signal.aborted) return reject({ kind: 'host-key-declined' })
    pin(key)
    return { kind: 'yes', value: key }
  }

  return {
    knownKeyTypes:
      known.pin === null ? [...seenTypes(seenKey()), ...knownKeyTypes(known)] : knownKeyTypes(known),
    async verify(key) {
      if (options.isOwnServer) return { kind: 'yes', value: key }
      const offered = toHostKeyView(key)
      const verdict = verifyHostKey(key, known)
      const observation = observationOf(offered, verdict.kind !== 'trusted' && prompts.isUnattended !== true)
      if (observation !== null) seenKeys.observe(observation, trustedBefore(known))
      const accepted = acceptedSince(known.startedAtMs)
      const shown = {
        accountId: target.accountId,
        server,
        username: endpoint.username,
        isKnownProxy,
        offered,
        ...accepted,
      }
      switch (verdict.kind) {
        case 'trusted':
          if (known.pin === null) pin(key)
          else hostKeys.recordSeen(known.pin, known.startedAtMs)
          return { kind: 'yes', value: key }
        case 'new':
          return ask({ kind: 'new', ...shown, ...knownByOthers(key) }, key)
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

const seenTypes = (seen: SeenHostKey | null): readonly string[] => (seen === null ? [] : [seen.key.algorithm])

/** The key that a person trusted at an earlier start of the pod. */
function trustedBefore({ pin, startedAtMs }: KnownServer): HostKeyView | null {
  const isEarlier = pin?.startedAtMs != null && startedAtMs !== null && pin.startedAtMs < startedAtMs
  return pin !== null && isEarlier ? toHostKeyView(pin.key) : null
}

function findKnownServer({ hostKeys, home, target, server, isKnownProxy }: HostKeyCheckOptions): KnownServer {
  const { accountId, podId, startedAtMs } = target
  const { route, host, port } = server
  const scope: PinScope =
    route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', accountId, host, port }
  return {
    pin: hostKeys.find(scope),
    scope,
    knownHosts: readKnownHostsFile(home, host, port),
    isKnownProxy,
    startedAtMs: route === 'direct' ? startedAtMs : null,
  }
}
