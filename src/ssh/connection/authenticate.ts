import type { Socket } from 'node:net'
import ssh2, { type AnyAuthMethod, type AuthenticationType, type Client } from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import { offeredAlgorithms } from './algorithms'
import { algorithmWords, isPacketTooLong, lossWords } from './error-text'
import { OfferedKey } from '../keys/key-agent'
import type { OpenKey } from '../keys/private-key'
import { isSameKey, type PublicKey, readPublicKey } from '../keys/public-key'

/** A connection that nobody answers any more ends after this. Source: quality rules for SSH. */
export interface KeepAlive {
  readonly everyMs: number
  readonly unanswered: number
}

/** `again`: the server would not wait for a person's answer, which was yes. */
export type SignInFailure = SshFailure | { readonly kind: 'again' }

/** Something that is asked while the server waits, and does not always wait long enough. */
export type Answer<T> =
  { readonly kind: 'yes'; readonly value: T } | { readonly kind: 'no'; readonly failure: SshFailure }

/** A key to offer. Null: it cannot be opened, though nobody said no. */
export interface Offer {
  readonly name: string
  /** Null: not known before it is opened. */
  readonly publicKey: PublicKey | null
  /** May ask a person. */
  readonly open: () => Promise<Answer<OpenKey | null>>
}

export interface SignIn {
  readonly server: SshServerName
  readonly username: string
  readonly knownKeyTypes: readonly string[]
  readonly keepAlive: KeepAlive
  /** Asked before anything is sent that says who connects. */
  readonly judge: (key: PublicKey) => Promise<Answer<PublicKey>>
  readonly offers: readonly Offer[]
  readonly onHostKeyAccepted: () => void
  readonly signal: AbortSignal
}

/** A client that is signed in. */
export interface SignedIn {
  readonly client: Client
  readonly hostKey: PublicKey
  /** Why it is gone, in words for people; null: it is not. */
  readonly lossOf: () => string | null
  /** Ends it, also where the server does not answer. */
  readonly leave: () => void
}

/** How long a server may take to say goodbye. */
const LEAVING_MS = 2_000

/**
 * Speaks SSH over a connection that stands, up to where the server has let one in: the only place that does, and it has
 * the check of the host key. By public key only: nothing else is ever offered.
 */
export function signIn(socket: Socket, ask: SignIn): Promise<Result<SignedIn, SignInFailure>> {
  return new Promise((resolve) => {
    const { server, signal } = ask
    const client = new ssh2.Client()
    let hostKey: PublicKey | null = null
    let question: Promise<Answer<unknown>> | null = null
    let error: Error | null = null
    let loss: string | null = null
    let isSettled = false
    const offered: string[] = []

    const settle = (result: Result<SignedIn, SignInFailure>): void => {
      if (isSettled) return
      isSettled = true
      signal.removeEventListener('abort', onAbort)
      // Not the client's own way, which leaves a socket open that it has ended and the server has not.
      if (!result.ok) socket.destroy()
      resolve(result)
    }
    const isOpen = (): boolean => !isSettled && loss === null
    const refuse = (failure: SignInFailure): void => settle(fail(failure))
    const onAbort = (): void =>
      refuse({ kind: 'unreachable', server, message: `${server.host} did not answer in time.` })
    const leave = (): void => {
      client.end()
      const timer = setTimeout(() => socket.destroy(), LEAVING_MS).unref()
      socket.once('close', () => clearTimeout(timer))
    }
    /** Nothing that is asked fails; should it, nothing goes on. */
    const broken = (): Extract<Answer<never>, { kind: 'no' }> => ({
      kind: 'no',
      failure: { kind: 'unreachable', server, message: 'Podkeeper could not go on with this connection.' },
    })
    const isAsking = async <T>(answer: Promise<Answer<T>>): Promise<T | null> => {
      question = answer.catch(broken)
      const given = await answer.catch(broken)
      question = null
      if (given.kind === 'no') refuse(given.failure)
      return given.kind === 'yes' && isOpen() ? given.value : null
    }
    /** The connection is gone, perhaps while a person was thinking. */
    const onLoss = (): void => {
      loss ??= lossWords(error, (ask.keepAlive.everyMs / 1000) * (ask.keepAlive.unanswered + 1))
      if (question === null)
        refuse(
          failureOf(error, server, offered, hostKey !== null) ?? {
            kind: 'unreachable',
            server,
            message: loss,
          },
        )
      else void question.then((answer) => refuse(answer.kind === 'yes' ? { kind: 'again' } : answer.failure))
    }

    const verifyHost = (bytes: Buffer, verify: (isTrusted: boolean) => void): void => {
      // Asked again whenever the two sides agree on new keys.
      if (hostKey !== null) {
        verify(isSameKey(hostKey.blob, bytes))
        return
      }
      const key = readPublicKey(bytes)
      if (key === null) {
        refuse({ kind: 'no-common-algorithm', server, message: 'The server’s host key cannot be read.' })
        return
      }
      void isAsking(ask.judge(key))
        .then((trusted) => {
          if (trusted === null) return
          hostKey = trusted
          ask.onHostKeyAccepted()
          verify(true)
        })
        // It went this moment.
        .catch(onLoss)
    }

    const openKey = async (offer: Offer): Promise<OpenKey> => {
      const key = await isAsking(offer.open())
      if (key === null) throw new Error('The key cannot be opened.')
      return key
    }
    const left = [...ask.offers]
    const nextAuth = async (): Promise<AnyAuthMethod | false> => {
      for (let offer = left.shift(); offer !== undefined; offer = left.shift()) {
        const { publicKey } = offer
        const opening = offer
        const key: OpenKey | null =
          publicKey === null
            ? await openKey(offer).catch(() => null)
            : { publicKey, sign: async (data, hash) => (await openKey(opening)).sign(data, hash) }
        if (!isOpen()) return false
        if (key === null) continue
        offered.push(offer.name)
        return { type: 'agent', username: ask.username, agent: new OfferedKey(key) }
      }
      return false
    }
    const authHandler = (
      methods: AuthenticationType[] | null,
      _: boolean | null,
      next: (method: AnyAuthMethod | false) => void,
    ): void => {
      if (methods !== null && !methods.includes('publickey')) next(false)
      else
        void nextAuth()
          .catch(() => false as const)
          .then((method) => isOpen() && next(method))
          // It went this moment.
          .catch(onLoss)
    }

    client
      .on('error', (cause: Error & { level?: string }) => {
        // An agent that gives no signature: the next key may do.
        if (cause.level === 'agent') return
        error ??= cause
        onLoss()
      })
      .on('close', onLoss)
      .on('ready', () => {
        if (hostKey === null)
          refuse({ kind: 'unreachable', server, message: 'The server skipped the check of its key.' })
        else settle(ok({ client, hostKey, lossOf: () => loss, leave }))
      })
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    try {
      client.connect({
        sock: socket,
        username: ask.username,
        // The caller's, which stands still while a person is asked.
        readyTimeout: 0,
        keepaliveInterval: ask.keepAlive.everyMs,
        keepaliveCountMax: ask.keepAlive.unanswered,
        algorithms: offeredAlgorithms(ask.knownKeyTypes),
        hostVerifier: verifyHost,
        agentForward: false,
        // The types do not know that a handler may end the row of methods.
        authHandler: authHandler as never,
      })
    } catch {
      // Such as an algorithm that this Electron has not.
      refuse(broken().failure)
    }
  })
}

/** What an error of the handshake says; null: nothing but that the connection is gone. */
function failureOf(
  error: (Error & { level?: string }) | null,
  server: SshServerName,
  keyNames: readonly string[],
  isHostChecked: boolean,
): SshFailure | null {
  if (error === null) return null
  const words = algorithmWords(error.message)
  if (words !== null) return { kind: 'no-common-algorithm', server, message: words }
  if (isHostChecked && isPacketTooLong(error.message)) return { kind: 'packet-too-long', server }
  const areKeysRefused =
    error.level === 'client-authentication' || /too many authentication failures/i.test(error.message)
  return areKeysRefused ? { kind: 'keys-refused', server, keyNames } : null
}
