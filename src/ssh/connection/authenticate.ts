import type { Socket } from 'node:net'
import ssh2, { type AnyAuthMethod, type AuthenticationType, type Client } from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import { offeredAlgorithms } from './algorithms'
import { algorithmMismatchText, connectionLostText, isPacketTooLong } from './error-text'
import { SingleKeyAgent } from '../keys/single-key-agent'
import type { OpenKey } from '../keys/private-key'
import { joinWrites } from './join-writes'
import { isSameKey, type PublicKey, readPublicKey } from '../keys/public-key'

/** Ends a connection whose server no longer responds. See docs/quality.md#3-ssh. */
export interface KeepAlive {
  readonly intervalMs: number
  readonly maxUnanswered: number
}

/** `again`: the server gave up before the user accepted, so the connection has to be retried. */
export type AuthenticationFailure = SshFailure | { readonly kind: 'retry' }

/**
 * The result of a step that may ask the user while the server waits. The server may time out before the
 * answer.
 */
export type StepResult<T> =
  | { readonly kind: 'yes'; readonly value: T }
  | { readonly kind: 'no'; readonly failure: SshFailure }

/** A key to offer. Null from `open`: the key cannot be opened, although the user didn't decline. */
export interface KeyOffer {
  readonly name: string
  /** Null if it is unknown until the key is opened. */
  readonly publicKey: PublicKey | null
  /** May prompt the user. */
  readonly open: () => Promise<StepResult<OpenKey | null>>
}

export interface AuthenticationRequest {
  readonly server: SshServerName
  readonly username: string
  readonly knownKeyTypes: readonly string[]
  readonly keepAlive: KeepAlive
  /** Called before anything is sent that identifies the user. */
  readonly verifyHostKey: (key: PublicKey) => Promise<StepResult<PublicKey>>
  readonly offers: readonly KeyOffer[]
  readonly onHostKeyAccepted: () => void
  readonly signal: AbortSignal
}

/** An authenticated client. */
export interface AuthenticatedConnection {
  readonly client: Client
  readonly hostKey: PublicKey
  /** User-facing text on why the connection was lost; null while it is up. */
  readonly lossReason: () => string | null
  /** Closes the connection, even if the server doesn't respond. */
  readonly disconnect: () => void
}

/** How long to wait for the server to close the connection properly. */
const DISCONNECT_TIMEOUT_MS = 2_000

/**
 * Runs SSH over an open socket up to successful authentication. This is the only place that does so, and it
 * includes the host key check. Only public keys are ever offered. See docs/quality.md#3-ssh.
 */
export function authenticate(
  socket: Socket,
  request: AuthenticationRequest,
): Promise<Result<AuthenticatedConnection, AuthenticationFailure>> {
  return new Promise((resolve) => {
    const { server, signal } = request
    const client = new ssh2.Client()
    let hostKey: PublicKey | null = null
    let pendingStep: Promise<StepResult<unknown>> | null = null
    let error: Error | null = null
    let loss: string | null = null
    let isSettled = false
    const offeredNames: string[] = []

    const settle = (result: Result<AuthenticatedConnection, AuthenticationFailure>): void => {
      if (isSettled) return
      isSettled = true
      signal.removeEventListener('abort', onAbort)
      // The client's own `end` leaves the socket open if the server doesn't close its side.
      if (!result.ok) socket.destroy()
      resolve(result)
    }
    const isOpen = (): boolean => !isSettled && loss === null
    const refuse = (failure: AuthenticationFailure): void => settle(fail(failure))
    const onAbort = (): void =>
      refuse({ kind: 'unreachable', server, message: `${server.host} did not answer in time.` })
    const disconnect = (): void => {
      client.end()
      const timer = setTimeout(() => socket.destroy(), DISCONNECT_TIMEOUT_MS).unref()
      socket.once('close', () => clearTimeout(timer))
    }
    /** The steps are not expected to reject; if one does, the connection attempt ends. */
    const brokenConnection = (): Extract<StepResult<never>, { kind: 'no' }> => ({
      kind: 'no',
      failure: { kind: 'unreachable', server, message: 'Podkeeper could not continue with this connection.' },
    })
    const awaitStep = async <T>(answer: Promise<StepResult<T>>): Promise<T | null> => {
      pendingStep = answer.catch(brokenConnection)
      const stepResult = await answer.catch(brokenConnection)
      pendingStep = null
      if (stepResult.kind === 'no') refuse(stepResult.failure)
      return stepResult.kind === 'yes' && isOpen() ? stepResult.value : null
    }
    /** The connection may have closed while the user was deciding. */
    const onLoss = (): void => {
      loss ??= connectionLostText(
        error,
        (request.keepAlive.intervalMs / 1000) * (request.keepAlive.maxUnanswered + 1),
      )
      if (pendingStep === null)
        refuse(
          toSshFailure(error, server, offeredNames, hostKey !== null) ?? {
            kind: 'unreachable',
            server,
            message: loss,
          },
        )
      else
        void pendingStep.then((answer) => refuse(answer.kind === 'yes' ? { kind: 'retry' } : answer.failure))
    }

    const checkHostKey = (bytes: Buffer, verify: (isTrusted: boolean) => void): void => {
      // ssh2 calls this again whenever the two sides rekey.
      if (hostKey !== null) {
        verify(isSameKey(hostKey.blob, bytes))
        return
      }
      const key = readPublicKey(bytes)
      if (key === null) {
        refuse({ kind: 'no-common-algorithm', server, message: 'The server’s host key cannot be read.' })
        return
      }
      void awaitStep(request.verifyHostKey(key))
        .then((trustedKey) => {
          if (trustedKey === null) return
          hostKey = trustedKey
          request.onHostKeyAccepted()
          verify(true)
        })
        // The connection closed at this moment.
        .catch(onLoss)
    }

    const openKey = async (offer: KeyOffer): Promise<OpenKey> => {
      const key = await awaitStep(offer.open())
      if (key === null) throw new Error('The key cannot be opened.')
      return key
    }
    const remainingOffers = [...request.offers]
    const nextAuth = async (): Promise<AnyAuthMethod | false> => {
      for (let offer = remainingOffers.shift(); offer !== undefined; offer = remainingOffers.shift()) {
        const { publicKey } = offer
        const currentOffer = offer
        const key: OpenKey | null =
          publicKey === null
            ? await openKey(offer).catch(() => null)
            : { publicKey, sign: async (data, hash) => (await openKey(currentOffer)).sign(data, hash) }
        if (!isOpen()) return false
        if (key === null) continue
        offeredNames.push(offer.name)
        return { type: 'agent', username: request.username, agent: new SingleKeyAgent(key) }
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
          // The connection closed at this moment.
          .catch(onLoss)
    }

    client
      .on('error', (cause: Error & { level?: string }) => {
        // If an agent gives no signature, the next key may still work.
        if (cause.level === 'agent') return
        error ??= cause
        onLoss()
      })
      .on('close', onLoss)
      .on('ready', () => {
        if (hostKey === null)
          refuse({ kind: 'unreachable', server, message: 'The server skipped the check of its host key.' })
        else settle(ok({ client, hostKey, lossReason: () => loss, disconnect }))
      })
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    joinWrites(socket)
    try {
      client.connect({
        sock: socket,
        username: request.username,
        // The caller's deadline applies instead; it pauses while the user is asked.
        readyTimeout: 0,
        keepaliveInterval: request.keepAlive.intervalMs,
        keepaliveCountMax: request.keepAlive.maxUnanswered,
        algorithms: offeredAlgorithms(request.knownKeyTypes),
        hostVerifier: checkHostKey,
        agentForward: false,
        // The types don't reflect that a handler may end the list of methods.
        authHandler: authHandler as never,
      })
    } catch {
      // For example an algorithm that this version of Electron doesn't support.
      refuse(brokenConnection().failure)
    }
  })
}

/** The meaning of a handshake error; null if it only says that the connection was lost. */
function toSshFailure(
  error: (Error & { level?: string }) | null,
  server: SshServerName,
  keyNames: readonly string[],
  isHostChecked: boolean,
): SshFailure | null {
  if (error === null) return null
  const text = algorithmMismatchText(error.message)
  if (text !== null) return { kind: 'no-common-algorithm', server, message: text }
  if (isHostChecked && isPacketTooLong(error.message)) return { kind: 'packet-too-long', server }
  const areKeysRefused =
    error.level === 'client-authentication' || /too many authentication failures/i.test(error.message)
  return areKeysRefused ? { kind: 'keys-refused', server, keyNames } : null
}
