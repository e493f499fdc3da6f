import { join } from 'node:path'
import { fail, type Result } from '../../core/base/result'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { HostKeyQuestion, SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { SshEndpoint, SshRoute } from '../../core/pods/pod'
import { type Answer, type KeepAlive, type Offer, signIn, type SignInFailure } from './authenticate'
import { startDeadline } from './deadline'
import { findKeys, type FoundKey, type KeyPlaces } from '../keys/find-keys'
import type { HostKeyFile } from '../host-keys/host-key-file'
import type { PinScope } from '../host-keys/host-key-pins'
import { judgeHostKey, knownKeyTypes, type KnownServer } from '../host-keys/verify-host-key'
import { chooseKeys } from '../keys/key-order'
import type { KeyRing } from '../keys/key-ring'
import { readKnownHosts } from '../host-keys/known-hosts'
import type { OpenShell, SshAttendant, SshShell, SshTarget } from './ssh-shell'
import type { OpenKey } from '../keys/private-key'
import { type PublicKey, viewOfKey } from '../keys/public-key'
import { reach } from './dial'
import { readSmallFile } from '../config/read-small-file'
import { startShell } from './shell'

export interface SshTiming extends KeepAlive {
  /** For each of reaching and signing in, and opening a shell; what a person is asked does not count. */
  readonly readyMs: number
  /** For opening a key with a passphrase, which its file can make as slow as it likes. */
  readonly unlockMs: number
}

/** Source: quality rules for SSH. */
export const sshTiming: SshTiming = { readyMs: 15_000, unlockMs: 60_000, everyMs: 15_000, unanswered: 3 }

export interface Connecting {
  readonly hostKeys: HostKeyFile
  readonly keyRing: KeyRing
  readonly places: KeyPlaces
  readonly timing: SshTiming
  readonly nowMs: () => number
  /** Fingerprints of the account's keys; null: not known. */
  readonly registeredOf: (accountId: string) => ReadonlySet<string> | null
}

/** A server that loses patience while a person is asked is called once more, and then once more. */
const MAX_CALLS = 3
const MAX_KNOWN_HOSTS_BYTES = 16 * 1024 * 1024

export function createOpenShell(connecting: Connecting): OpenShell {
  return async (target, size, attendant, signal) => {
    const { direct, proxy } = target.ssh
    const first = direct ?? proxy
    if (first === null) return fail({ kind: 'no-route' })
    const call = async (endpoint: SshEndpoint, route: SshRoute): Promise<Result<SshShell, SshFailure>> => {
      for (let calls = 1; ; calls++) {
        const answer = await new Call(connecting, target, endpoint, route, attendant, signal).open(size)
        if (answer.ok || answer.error.kind !== 'again') return answer as Result<SshShell, SshFailure>
        if (calls === MAX_CALLS) {
          const message = 'The server does not wait long enough for an answer.'
          return fail({ kind: 'unreachable', server: serverName(endpoint, route), message })
        }
      }
    }
    if (direct === null) return call(first, 'proxy')
    const answer = await call(direct, 'direct')
    if (answer.ok || proxy === null || signal.aborted || !isAbsence(answer.error)) return answer
    const byProxy = await call(proxy, 'proxy')
    // The way that the pod itself publishes is the one to tell of.
    return !byProxy.ok && isAbsence(byProxy.error) ? answer : byProxy
  }
}

/** Nobody was there to talk to. */
const isAbsence = ({ kind }: SshFailure): boolean => kind === 'unreachable' || kind === 'no-ssh-server'

function serverName({ host, port }: SshEndpoint, route: SshRoute): SshServerName {
  return { route, host, port }
}

/** One connection to one server. */
class Call {
  readonly #with: Connecting
  readonly #target: SshTarget
  readonly #endpoint: SshEndpoint
  readonly #server: SshServerName
  readonly #attendant: SshAttendant
  readonly #signal: AbortSignal

  constructor(
    connecting: Connecting,
    target: SshTarget,
    endpoint: SshEndpoint,
    route: SshRoute,
    attendant: SshAttendant,
    signal: AbortSignal,
  ) {
    this.#with = connecting
    this.#target = target
    this.#endpoint = endpoint
    this.#server = serverName(endpoint, route)
    this.#attendant = attendant
    this.#signal = signal
  }

  async open(size: TerminalSize): Promise<Result<SshShell, SignInFailure>> {
    const keys = await this.#keys()
    if (keys.length === 0) return fail({ kind: 'no-key' })
    const limit = new AbortController()
    const abort = (): void => limit.abort()
    this.#signal.addEventListener('abort', abort)
    if (this.#signal.aborted) abort()
    const { readyMs } = this.#with.timing
    const deadlines = [startDeadline(readyMs, abort)]
    const [signingIn] = deadlines
    try {
      this.#attendant.onStep('reaching')
      const socket = await reach(this.#server, limit.signal)
      if (!socket.ok) return socket
      this.#attendant.onStep('checking-host-key')
      const known = this.#known()
      const asking = <T>(wait: Promise<T>): Promise<T> => signingIn?.outside(wait) ?? wait
      const signedIn = await signIn(socket.value, {
        server: this.#server,
        username: this.#endpoint.username,
        knownKeyTypes: knownKeyTypes(known),
        keepAlive: this.#with.timing,
        judge: (key) => asking(this.#judge(key, known)),
        offers: keys.map((key) => this.#offer(key, asking)),
        onHostKeyAccepted: () => this.#attendant.onStep('signing-in'),
        signal: limit.signal,
      })
      signingIn?.stop()
      if (!signedIn.ok) return signedIn
      this.#attendant.onStep('opening-shell')
      deadlines.push(startDeadline(readyMs, abort))
      return await startShell(signedIn.value, this.#server, size, limit.signal)
    } finally {
      for (const deadline of deadlines) deadline.stop()
      this.#signal.removeEventListener('abort', abort)
    }
  }

  async #keys(): Promise<readonly FoundKey[]> {
    const { places, registeredOf } = this.#with
    const { host, username: user } = this.#endpoint
    const found = await findKeys(places, [{ host, user, aliases: [this.#target.podId] }])
    return chooseKeys(found, registeredOf(this.#target.accountId))
  }

  #known(): KnownServer {
    const { accountId, podId, startedAtMs } = this.#target
    const { route, host, port } = this.#server
    const scope: PinScope =
      route === 'direct' ? { kind: 'pod', accountId, podId } : { kind: 'host', host, port }
    const text = readSmallFile(join(this.#with.places.home, '.ssh/known_hosts'), MAX_KNOWN_HOSTS_BYTES)
    const hosts = readKnownHosts(text ?? '', host, port)
    const pin = this.#with.hostKeys.find(scope)
    return { scope, pin, hosts, startedAtMs: route === 'direct' ? startedAtMs : null }
  }

  async #judge(key: PublicKey, known: KnownServer): Promise<Answer<PublicKey>> {
    const server = this.#server
    const offered = viewOfKey(key)
    const verdict = judgeHostKey(key, known)
    const no = (failure: SshFailure): Answer<PublicKey> => ({ kind: 'no', failure })
    switch (verdict.kind) {
      case 'trusted':
        if (known.pin === null) this.#pin(key, known)
        else this.#with.hostKeys.see(known.pin, known.startedAtMs)
        return { kind: 'yes', value: key }
      case 'new':
        return this.#ask({ kind: 'new', server, offered }, key, known)
      case 'changed-by-restart':
        return this.#ask(
          { kind: 'changed-by-restart', server, offered, known: viewOfKey(verdict.known) },
          key,
          known,
        )
      case 'changed':
        return no({
          kind: 'host-key-changed',
          server,
          offered,
          known: viewOfKey(verdict.known),
          ...(known.pin === null ? { knownBy: 'known_hosts' } : {}),
        })
      case 'revoked':
        return no({ kind: 'host-key-revoked', server, offered })
      case 'too-short': {
        const message = `The server’s host key has ${verdict.rsaBits} bits, which is not safe today. It needs a newer SSH server.`
        return no({ kind: 'no-common-algorithm', server, message })
      }
    }
  }

  async #ask(question: HostKeyQuestion, key: PublicKey, known: KnownServer): Promise<Answer<PublicKey>> {
    const isTrusted = await this.#attendant.askHostKey(question, this.#signal).catch(() => false)
    if (!isTrusted || this.#signal.aborted) return { kind: 'no', failure: { kind: 'host-key-declined' } }
    this.#pin(key, known)
    return { kind: 'yes', value: key }
  }

  #pin(key: PublicKey, { scope, startedAtMs }: KnownServer): void {
    this.#with.hostKeys.pin({ scope, key, pinnedAtMs: this.#with.nowMs(), startedAtMs })
  }

  #offer({ name, access, publicKey }: FoundKey, asking: <T>(wait: Promise<T>) => Promise<T>): Offer {
    const open = async (): Promise<Answer<OpenKey | null>> => {
      if (access === null) return { kind: 'yes', value: null }
      if (access.kind === 'agent') {
        const { key } = access
        // A person may have to say yes to the agent as well.
        const sign: OpenKey['sign'] = (data, hash) => asking(key.sign(data, hash))
        return { kind: 'yes', value: { publicKey: key.publicKey, sign } }
      }
      const { keyRing, timing } = this.#with
      const opening = await asking(keyRing.open(access, name, this.#attendant, this.#signal))
      if (opening.kind === 'open') return { kind: 'yes', value: opening.key }
      if (opening.kind === 'broken') return { kind: 'yes', value: null }
      const failure: SshFailure =
        opening.kind === 'too-slow'
          ? { kind: 'key-too-slow', keyName: name, limitMs: timing.unlockMs }
          : { kind: 'passphrase-declined', keyName: name }
      return { kind: 'no', failure }
    }
    return { name, publicKey, open }
  }
}
