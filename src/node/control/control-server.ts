import type { Socket } from 'node:net'
import * as v from 'valibot'
import { errorText, tooManyRequestsText, wentWrongText } from '../../core/base/text/error-text'
import type { AccountId } from '../../core/pods/pod'
import { parseJson } from '../../core/base/parse-json'
import { SECOND_MS } from '../../core/base/time/time'
import { createTokenBucket, type RateLimit } from '../../core/base/time/token-bucket'
import type { SocketAccess } from '../../shared/operations/operation'
import { socketOperations } from '../../shared/operations/socket-operations'
import type { LockService } from '../data-folder/lock/lock-socket'
import { answerChallenge } from '../data-folder/secrets/control-proof'
import {
  CONTROL_PROTOCOL,
  type HolderMessage,
  type RequestMessage,
  requestMessageSchema,
} from './control-messages'
import { type ControlRefusal, type ControlRequestName, requestSchemas } from './control-requests'
import { type ControlHost, type ControlSession, createControlSession } from './control-session'
import { readLines } from './line-reader'

/** The limits of what one program accepts from others. */
export const controlLimits = {
  /** Programs that wait for the lock and say nothing; beyond that the one that waits longest is disconnected. */
  waitingClients: 200,
  /** Commands at a time; more are refused. */
  clients: 32,
  requestsInFlight: 8,
  /** Of a new pod with its environment, and its arguments for each choice of hardware; other requests are short. */
  lineChars: 4 * 1024 * 1024,
  /** Of all that one connection sends. */
  totalChars: 8 * 1024 * 1024,
  /** Of what a connection has not read yet. */
  unreadBytes: 1024 * 1024,
  replyChars: 8 * 1024 * 1024,
  lineMs: 10 * SECOND_MS,
  /** Without a request, while no action is followed. */
  idleMs: 300 * SECOND_MS,
  /** An older request is about what was on screen then. */
  requestAgeMs: 30 * SECOND_MS,
} as const

/** Acts on pods or changes what does: enough for a script over many pods, not for a loop. */
const ACTING: RateLimit = { burst: 30, perSecond: 1 }
const READING: RateLimit = { burst: 100, perSecond: 20 }
/** Apart, since what is recorded would otherwise keep out what it announces. */
const RECORDING: RateLimit = { burst: 100, perSecond: 20 }

const accessOf = (name: ControlRequestName): SocketAccess => socketOperations[name].socket

export interface ControlServerOptions extends ControlHost {
  /** Whether the demo takes the place of the accounts. */
  readonly isDemo: () => boolean
  readonly report: (what: string, cause?: unknown) => void
  readonly limits?: { readonly [K in keyof typeof controlLimits]?: number }
}

/** Serves the commands of the same user on the socket of the lock. See docs/decisions/0020. */
export function createControlServer(options: ControlServerOptions): LockService {
  const { clock, report } = options
  const limits: { readonly [K in keyof typeof controlLimits]: number } = {
    ...controlLimits,
    ...options.limits,
  }
  const waiting = new Set<Socket>()
  const clients = new Set<Socket>()
  // Of all connections together, so that more of them allow no more.
  const buckets = {
    acting: createTokenBucket(ACTING),
    reading: createTokenBucket(READING),
    recording: createTokenBucket(RECORDING),
  }

  /** Why a request is not passed on; null when it is. */
  function problemOf({ name, sentAtMs, accountId }: RequestMessage): ControlRefusal | null {
    if (Math.abs(clock.now().wallMs - sentAtMs) > limits.requestAgeMs)
      return { code: 'rejected', message: 'The request is too old, so nothing was done.' }
    const { rate = 'acting', about } = accessOf(name)
    if (rate !== 'unlimited' && !buckets[rate].take(clock.now().monotonicMs))
      return { code: 'rejected', message: tooManyRequestsText }
    return about === 'folder' ? null : accountProblem(accountId, options)
  }

  function serve(socket: Socket, dataFolder: string): Client {
    let inFlight = 0
    let isRefused = false
    const send = (message: HolderMessage): void => {
      if (socket.destroyed || socket.writableEnded) return
      const line = JSON.stringify(message)
      // A client that does not read must not fill the memory.
      if (socket.writableLength > limits.unreadBytes) socket.destroy()
      else if (line.length > limits.replyChars)
        send({
          kind: 'refused',
          id: 'id' in message ? message.id : null,
          code: 'failed',
          message: 'The response is too large.',
        })
      else socket.write(`${line}\n`)
    }
    const refuse = (id: number | null, refusal: ControlRefusal): void =>
      send({ kind: 'refused', id, ...refusal })
    /** By account and person. */
    const sessions = new Map<string, ControlSession>()
    const sessionOf = (accountId: AccountId, person: string | undefined): ControlSession => {
      const name = JSON.stringify([accountId, person])
      const known = sessions.get(name)
      if (known !== undefined) return known
      const opened = createControlSession(
        options,
        { accountId, person },
        {
          onIntent: (intent) => send({ kind: 'intent', intent }),
          onCreate: (create) => send({ kind: 'create', create }),
          onConnection: (connection) => send({ kind: 'connection', connection }),
        },
      )
      sessions.set(name, opened)
      return opened
    }
    const isFollowing = (): boolean => [...sessions.values()].some((session) => session.isFollowing())
    const timers = createSilenceTimers(socket, limits, () => inFlight > 0 || isFollowing())
    socket.on('close', () => {
      timers.stop()
      for (const session of sessions.values()) session.dispose()
    })

    async function answer({ id, name, args, accountId, person }: RequestMessage): Promise<void> {
      inFlight += 1
      try {
        // Requests about the folder have no account.
        const { handlers } = sessionOf(accountId ?? '', person)
        const handler = handlers[name] as (...given: unknown[]) => ReturnType<(typeof handlers)[typeof name]>
        const reply = await handler(...args)
        if (reply.ok) send({ kind: 'done', id, value: reply.value })
        else refuse(id, reply.error)
      } catch (cause) {
        report(`A command asked for ${name}, and it failed`, cause)
        refuse(id, { code: 'failed', message: wentWrongText(errorText(cause)) })
      } finally {
        inFlight -= 1
      }
    }

    /** Whether the line asks for a proof of the folder. */
    function answerProof(line: string): boolean {
      try {
        const proof = answerChallenge(dataFolder, line)
        if (proof !== null) socket.write(proof)
        return proof !== null
      } catch (cause) {
        report('The secret of the data folder cannot be made', cause)
        return false
      }
    }

    function onLine(line: string): void {
      if (isRefused) return
      const message = parseRequest(line)
      if (message === null && answerProof(line)) return
      if (message === null) {
        isRefused = true
        refuse(null, NOT_UNDERSTOOD)
        socket.destroySoon()
        return
      }
      const problem = inFlight >= limits.requestsInFlight ? TOO_MANY : problemOf(message)
      if (problem === null) void answer(message)
      else refuse(message.id, problem)
    }

    return { onLine, onChunk: timers.onChunk }
  }

  /** Called with the first data. Null: there are too many. */
  function admit(socket: Socket, dataFolder: string): Client | null {
    waiting.delete(socket)
    if (clients.size >= limits.clients) {
      socket.write(`${JSON.stringify({ kind: 'refused', id: null, ...TOO_MANY } satisfies HolderMessage)}\n`)
      socket.destroySoon()
      return null
    }
    clients.add(socket)
    return serve(socket, dataFolder)
  }

  return {
    protocol: CONTROL_PROTOCOL,
    accept(socket, dataFolder) {
      waiting.add(socket)
      socket.on('close', () => {
        waiting.delete(socket)
        clients.delete(socket)
      })
      // Whoever waits for the lock connects again, so it keeps waiting.
      const [oldest] = waiting
      if (waiting.size > limits.waitingClients) oldest?.destroy()
      let client: Client | null = null
      socket.once('data', () => (client = admit(socket, dataFolder)))
      readLines(socket, {
        maxLineChars: limits.lineChars,
        maxTotalChars: limits.totalChars,
        onLine: (line) => client?.onLine(line),
        onChunk: (hasPartialLine) => client?.onChunk(hasPartialLine),
        onTooLong: () => socket.destroy(),
      })
    },
  }
}

/** What a command sends. */
interface Client {
  onLine(line: string): void
  /** Called after the lines of each piece of data. */
  onChunk(hasPartialLine: boolean): void
}

/** It would not be understood later either. */
const NOT_UNDERSTOOD: ControlRefusal = {
  code: 'failed',
  message: `The program using the data folder did not understand the request. It supports protocol version ${CONTROL_PROTOCOL}. Nothing was done.`,
}

const TOO_MANY: ControlRefusal = {
  code: 'rejected',
  message: 'Too many commands are running, so nothing was done. Try again in a few seconds.',
}

/** The request of a line with valid arguments; null for anything else. */
function parseRequest(line: string): RequestMessage | null {
  const message = v.safeParse(requestMessageSchema, parseJson(line))
  if (!message.success) return null
  const args = v.safeParse(requestSchemas[message.output.name], message.output.args)
  return args.success ? { ...message.output, args: args.output } : null
}

/** Why nothing is done for that account here; null when it is watched. */
function accountProblem(
  accountId: string | null,
  { monitor, isDemo }: ControlServerOptions,
): ControlRefusal | null {
  if (accountId !== null && !isDemo() && monitor(accountId) !== null) return null
  const what = isDemo() ? 'is showing the demo' : 'does not watch this account'
  return {
    code: 'other-account',
    message: `The Podkeeper using the data folder ${what}, so nothing was done.`,
  }
}

/** Ends a connection that stops within a line, or that neither asks nor follows anything for long. */
function createSilenceTimers(
  socket: Socket,
  { lineMs, idleMs }: { readonly lineMs: number; readonly idleMs: number },
  isBusy: () => boolean,
): { readonly onChunk: (hasPartialLine: boolean) => void; readonly stop: () => void } {
  let lineTimer: NodeJS.Timeout | null = null
  let idleTimer: NodeJS.Timeout | undefined
  const waitForRequest = (): void => {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => (isBusy() ? waitForRequest() : socket.destroy()), idleMs).unref()
  }
  const stopLineTimer = (): void => {
    if (lineTimer !== null) clearTimeout(lineTimer)
    lineTimer = null
  }
  waitForRequest()
  return {
    onChunk(hasPartialLine) {
      waitForRequest()
      if (!hasPartialLine) stopLineTimer()
      else lineTimer ??= setTimeout(() => socket.destroy(), lineMs).unref()
    },
    stop() {
      stopLineTimer()
      clearTimeout(idleTimer)
    },
  }
}
