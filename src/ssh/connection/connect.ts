import { isLoopback } from '../../core/base/loopback'
import { fail, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { SshEndpoint, SshRoute } from '../../core/pods/pod'
import {
  authenticate,
  type AuthenticatedConnection,
  type AuthenticationFailure,
  type KeepAlive,
  type KeyOffer,
  type StepResult,
} from './authenticate'
import { startDeadline } from './deadline'
import {
  findKeys,
  type FoundKey,
  keyInMemory,
  type KeyLocations,
  keyQuery,
  podKeyPath,
} from '../keys/find-keys'
import type { HostKeyFile } from '../host-keys/host-key-file'
import type { SeenHostKeys } from '../host-keys/seen-host-keys'
import { chooseKeys, mayBeOffered } from '../keys/key-order'
import type { KeyOpenResult, KeyRing } from '../keys/key-ring'
import type { ConnectPrompts, SshTarget } from './ssh-shell'
import type { OpenKey } from '../keys/private-key'
import { createHostKeyCheck, type HostKeyCheck } from './check-host-key'
import { dial } from './dial'

export interface SshTiming extends KeepAlive {
  /**
   * Time limit for dialing and authenticating, and again for opening a shell. Time spent waiting for the user
   * doesn't count.
   */
  readonly readyMs: number
  /** Time limit for decrypting a key with a passphrase. The key file can make this arbitrarily slow. */
  readonly unlockMs: number
}

/** See docs/quality.md#3-ssh. */
export const sshTiming: SshTiming = {
  readyMs: 15_000,
  unlockMs: 60_000,
  intervalMs: 15_000,
  maxUnanswered: 3,
}

export interface ConnectionContext {
  readonly hostKeys: HostKeyFile
  readonly seenKeys: SeenHostKeys
  readonly keyRing: KeyRing
  readonly locations: KeyLocations
  readonly timing: SshTiming
  readonly hosts: 'any' | 'loopback-only'
  readonly nowMs: () => number
  /** See `SshOptions`. */
  readonly isKnownProxy: (endpoint: SshEndpoint, podId: string) => boolean
  /** See `SshOptions`. */
  readonly accountKey: (accountId: string) => string | null
  /** Fingerprints of the account's keys; null if unknown. */
  readonly registeredFingerprints: (accountId: string) => ReadonlySet<string> | null
}

/** If a server times out while the user is being asked, the connection is retried up to twice. */
const MAX_ATTEMPTS = 3

/** What is done with a connection; disconnects it on failure. Ends when `signal` aborts. */
export type UseConnection<T> = (
  connection: AuthenticatedConnection,
  server: SshServerName,
  signal: AbortSignal,
) => Promise<Result<T, SshFailure>>

/**
 * Connects to a pod and passes the connection on. This is the only way in which Podkeeper connects by SSH, so
 * every host key is checked. It connects directly if the pod publishes a port, otherwise through the proxy,
 * and also through the proxy if the published port has no SSH server. Ends within its deadlines, or when
 * `signal` aborts. See docs/product-rules.md#81-connecting.
 */
export type Connect = <T>(
  target: SshTarget,
  prompts: ConnectPrompts,
  signal: AbortSignal,
  use: UseConnection<T>,
) => Promise<Result<T, SshFailure>>

export function createConnect(context: ConnectionContext): Connect {
  return async <T>(
    target: SshTarget,
    prompts: ConnectPrompts,
    signal: AbortSignal,
    use: UseConnection<T>,
  ): Promise<Result<T, SshFailure>> => {
    const { direct, proxy } = target.ssh
    const firstEndpoint = direct ?? proxy
    if (firstEndpoint === null) return fail({ kind: 'no-route' })
    const attemptConnection = async (
      endpoint: SshEndpoint,
      route: SshRoute,
    ): Promise<Result<T, SshFailure>> => {
      for (let attempts = 1; ; attempts++) {
        const attempt = new ConnectionAttempt(context, target, endpoint, route, prompts, signal)
        const result = await attempt.open(use)
        if (result.ok || result.error.kind !== 'retry') return result as Result<T, SshFailure>
        if (attempts === MAX_ATTEMPTS) {
          const message = 'The server does not wait long enough for your answer.'
          return fail({ kind: 'unreachable', server: serverName(endpoint, route), message })
        }
      }
    }
    if (direct === null) return attemptConnection(firstEndpoint, 'proxy')
    const result = await attemptConnection(direct, 'direct')
    if (result.ok || proxy === null || signal.aborted || !isServerMissing(result.error)) return result
    const proxyResult = await attemptConnection(proxy, 'proxy')
    // If both routes fail, report the direct one, because the pod itself publishes it.
    return !proxyResult.ok && isServerMissing(proxyResult.error) ? result : proxyResult
  }
}

/** Nothing answered at this address. */
const isServerMissing = ({ kind }: SshFailure): boolean => kind === 'unreachable' || kind === 'no-ssh-server'

function serverName({ host, port }: SshEndpoint, route: SshRoute): SshServerName {
  return { route, host, port }
}

/** One connection attempt to one server. */
class ConnectionAttempt {
  readonly #context: ConnectionContext
  readonly #target: SshTarget
  readonly #endpoint: SshEndpoint
  readonly #server: SshServerName
  readonly #prompts: ConnectPrompts
  readonly #signal: AbortSignal

  constructor(
    context: ConnectionContext,
    target: SshTarget,
    endpoint: SshEndpoint,
    route: SshRoute,
    prompts: ConnectPrompts,
    signal: AbortSignal,
  ) {
    this.#context = context
    this.#target = target
    this.#endpoint = endpoint
    this.#server = serverName(endpoint, route)
    this.#prompts = prompts
    this.#signal = signal
  }

  async open<Used>(use: UseConnection<Used>): Promise<Result<Used, AuthenticationFailure>> {
    if (this.#context.hosts === 'loopback-only' && !isLoopback(this.#endpoint.host)) {
      const message = 'This is a test build, which connects to this computer only.'
      return fail({ kind: 'unreachable', server: this.#server, message })
    }
    const found = await this.#findKeys()
    const isLeftOut = (key: FoundKey): boolean =>
      this.#prompts.isUnattended === true && this.#needsPassphrase(key)
    const registered = this.#registered()
    const keys = chooseKeys(
      found.filter((key) => !isLeftOut(key)),
      registered,
    )
    if (keys.length === 0) {
      // A passphrase is only missed for a key that would be offered.
      const lockedKey = chooseKeys(found, registered).find(isLeftOut)
      if (lockedKey) return fail({ kind: 'passphrase-declined', keyName: lockedKey.name })
      return fail({ kind: chooseKeys(found, null).length > 0 ? 'no-registered-key' : 'no-key' })
    }
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    this.#signal.addEventListener('abort', abort)
    if (this.#signal.aborted) abort()
    const { readyMs } = this.#context.timing
    const deadlines = [startDeadline(readyMs, abort)]
    const [authDeadline] = deadlines
    try {
      this.#prompts.onStep('reaching')
      const socket = await dial(this.#server, controller.signal)
      if (!socket.ok) return socket
      this.#prompts.onStep('checking-host-key')
      const hostKeyCheck = this.#hostKeyCheck()
      const outsideDeadline = <T>(work: Promise<T>): Promise<T> => authDeadline?.pauseWhile(work) ?? work
      const connection = await authenticate(socket.value, {
        server: this.#server,
        username: this.#endpoint.username,
        knownKeyTypes: hostKeyCheck.knownKeyTypes,
        keepAlive: this.#context.timing,
        verifyHostKey: (key) => outsideDeadline(hostKeyCheck.verify(key)),
        offers: keys.map((key) => this.#toKeyOffer(key, outsideDeadline)),
        onHostKeyAccepted: () => this.#prompts.onStep('signing-in'),
        signal: controller.signal,
      })
      authDeadline?.stop()
      if (!connection.ok) return connection
      this.#prompts.onStep('opening-shell')
      deadlines.push(startDeadline(readyMs, abort))
      return await use(connection.value, this.#server, controller.signal)
    } finally {
      for (const deadline of deadlines) deadline.stop()
      this.#signal.removeEventListener('abort', abort)
    }
  }

  async #findKeys(): Promise<readonly FoundKey[]> {
    const accountKey = this.#context.accountKey(this.#target.accountId)
    if (accountKey !== null) return [keyInMemory(accountKey)]
    const query = keyQuery(this.#endpoint, this.#target.podId, this.#isKnownProxy())
    const { locations } = this.#context
    // A proxy knows the keys of accounts only.
    const isDirect = this.#server.route === 'direct'
    return findKeys(locations, [query], isDirect ? podKeyPath(locations.home, this.#target.runId) : null)
  }

  #hostKeyCheck(): HostKeyCheck {
    const { hostKeys, seenKeys, locations, nowMs } = this.#context
    return createHostKeyCheck({
      hostKeys,
      seenKeys,
      home: locations.home,
      nowMs,
      target: this.#target,
      endpoint: this.#endpoint,
      server: this.#server,
      isKnownProxy: this.#isKnownProxy(),
      isOwnServer: this.#context.accountKey(this.#target.accountId) !== null,
      prompts: this.#prompts,
      signal: this.#signal,
    })
  }

  #isKnownProxy(): boolean {
    return this.#server.route === 'proxy' && this.#context.isKnownProxy(this.#endpoint, this.#target.podId)
  }

  #registered(): ReadonlySet<string> | null {
    return this.#context.registeredFingerprints(this.#target.accountId)
  }

  #needsPassphrase({ access }: FoundKey): boolean {
    return access?.kind === 'file' && access.isLocked && !this.#context.keyRing.isOpen(access)
  }

  #toKeyOffer(key: FoundKey, outsideDeadline: <T>(work: Promise<T>) => Promise<T>): KeyOffer {
    const { name, access, publicKey } = key
    const openingFailure = (
      result: Exclude<KeyOpenResult, { readonly kind: 'open' | 'broken' }>,
    ): SshFailure => {
      switch (result.kind) {
        case 'too-slow':
          return { kind: 'key-too-slow', keyName: name, limitMs: this.#context.timing.unlockMs }
        case 'not-asked':
          return result
        case 'declined':
          return { kind: 'passphrase-declined', keyName: name }
      }
    }
    const open = async (): Promise<StepResult<OpenKey | null>> => {
      if (access === null) return { kind: 'yes', value: null }
      if (access.kind === 'agent') {
        const { key: agentKey } = access
        // The agent may also ask the user for approval.
        const sign: OpenKey['sign'] = (data, hash) => outsideDeadline(agentKey.sign(data, hash))
        return { kind: 'yes', value: { publicKey: agentKey.publicKey, sign } }
      }
      const { keyRing } = this.#context
      const opened = await outsideDeadline(keyRing.open(access, name, this.#prompts, this.#signal))
      if (opened.kind === 'open') {
        const { key: openKey } = opened
        const isOffered = mayBeOffered(key, openKey.publicKey, this.#registered())
        return { kind: 'yes', value: isOffered ? openKey : null }
      }
      if (opened.kind === 'broken') return { kind: 'yes', value: null }
      return { kind: 'no', failure: openingFailure(opened) }
    }
    return { name, publicKey, open }
  }
}
