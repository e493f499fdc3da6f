import { connect, type Socket } from 'node:net'
import * as v from 'valibot'
import { createListeners } from '../../core/base/listeners'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok } from '../../core/base/result'
import { HOUR_MS, SECOND_MS } from '../../core/base/time/time'
import type { SocketAccess } from '../../shared/operations/operation'
import { socketOperationNames, socketOperations } from '../../shared/operations/socket-operations'
import {
  type HolderAddress,
  holderAddress,
  type LockHolder,
  parseHolder,
} from '../data-folder/lock/lock-socket'
import { createChallenge } from '../data-folder/secrets/control-proof'
import { CONTROL_PROTOCOL, holderMessageSchema, type RequestMessage } from './control-messages'
import {
  type ControlEvents,
  type ControlHandlers,
  type ControlRefusal,
  type ControlReply,
  type ControlRequestName,
  replySchemas,
} from './control-requests'
import { readLines } from './line-reader'

export interface ControlClientOptions {
  readonly dataFolder: string
  /** The account that is asked about; null: none. */
  readonly accountId: string | null
  /** Who asks, where sudo says so. */
  readonly person?: string | undefined
  readonly events: ControlEvents
  readonly nowMs: () => number
  /** Absent: where the holder of the folder listens. */
  readonly address?: HolderAddress
  readonly limits?: { readonly [K in keyof typeof clientLimits]?: number }
}

/** Requests to the program that holds the data folder. */
export interface ControlClient {
  readonly holder: LockHolder
  readonly requests: ControlHandlers
  /** Called once when the connection ended, other than by `close`. */
  onLost(listener: () => void): void
  readonly close: () => void
}

export type ControlConnection =
  | { readonly kind: 'connected'; readonly client: ControlClient }
  /** It does not answer, is older or newer, or doesn't prove that it is this folder's. */
  | {
      readonly kind: 'unusable'
      readonly holder: LockHolder | null
      readonly reason: UnusableReason
    }
  /** Nobody holds the folder now. */
  | { readonly kind: 'gone' }

type UnusableReason = 'silent' | 'older' | 'newer' | 'unproven'

const clientLimits = {
  greetingMs: 5 * SECOND_MS,
  /** Longer than a holder takes a request for: without a reply by then it is not carried out later. */
  replyMs: 60 * SECOND_MS,
  lineChars: 9 * 1024 * 1024,
  totalChars: 64 * 1024 * 1024,
}

/**
 * Connects to the program that holds the data folder. What it sends is not trusted; where other users could listen at its
 * address, it gets nothing before it proved that it is this folder's.
 */
export async function connectControl(options: ControlClientOptions): Promise<ControlConnection> {
  const address = options.address ?? holderAddress(options.dataFolder)
  if (address === null) return { kind: 'gone' }
  const limits = { ...clientLimits, ...options.limits }
  return new Promise((resolve) => {
    const socket = connect(address.path)
    const unusable = (holder: LockHolder | null, reason: UnusableReason): void => {
      finish({ kind: 'unusable', holder, reason })
      socket.destroy()
    }
    const timer = setTimeout(() => unusable(null, 'silent'), limits.greetingMs)
    const finish = (connection: ControlConnection): void => {
      clearTimeout(timer)
      resolve(connection)
    }
    let onLine = (line: string): void => {
      const holder = parseHolder(line)
      if (holder === null) unusable(null, 'silent')
      else if (holder.protocol === undefined) unusable(holder, 'older')
      else if (holder.protocol !== CONTROL_PROTOCOL)
        unusable(holder, holder.protocol > CONTROL_PROTOCOL ? 'newer' : 'older')
      else if (address.isPrivate) begin(holder)
      else {
        const challenge = createChallenge(options.dataFolder)
        onLine = (reply) => (challenge.isMetBy(reply) ? begin(holder) : unusable(holder, 'unproven'))
        socket.write(challenge.line)
      }
    }
    const begin = (holder: LockHolder): void => {
      const client = createClient(socket, holder, { ...options, replyMs: limits.replyMs })
      onLine = client.onLine
      finish({ kind: 'connected', client })
    }
    socket.on('error', () => finish({ kind: 'gone' }))
    socket.on('close', () => finish({ kind: 'gone' }))
    readLines(socket, {
      maxLineChars: limits.lineChars,
      maxTotalChars: limits.totalChars,
      onLine: (line) => onLine(line),
      onTooLong: () => unusable(null, 'silent'),
    })
  })
}

const LONG_REPLY_MS = 24 * HOUR_MS

interface PendingRequest {
  readonly name: ControlRequestName
  readonly settle: (reply: ControlReply<ControlRequestName>) => void
  readonly timer: NodeJS.Timeout
}

function createClient(
  socket: Socket,
  holder: LockHolder,
  options: ControlClientOptions & { readonly replyMs: number },
): ControlClient & { readonly onLine: (line: string) => void } {
  const { accountId, person, events, nowMs } = options
  const pending = new Map<number, PendingRequest>()
  const lostListeners = createListeners()
  let nextId = 1
  let isClosed = false

  function settle(id: number, reply: (name: ControlRequestName) => ControlReply<ControlRequestName>): void {
    const waiting = pending.get(id)
    if (waiting === undefined) return
    pending.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(reply(waiting.name))
  }

  function settleAll(refusal: ControlRefusal): void {
    for (const id of pending.keys()) settle(id, () => fail(refusal))
  }

  function onLine(line: string): void {
    const parsed = v.safeParse(holderMessageSchema, parseJson(line))
    // Whoever sends something else is no holder, so nothing more is believed.
    if (!parsed.success) {
      socket.destroy()
      return
    }
    const message = parsed.output
    switch (message.kind) {
      case 'done':
        settle(message.id, (name) => {
          const value = v.safeParse(replySchemas[name], message.value)
          return value.success
            ? (ok(value.output ?? undefined) as ControlReply<ControlRequestName>)
            : fail(UNREADABLE)
        })
        break
      case 'refused': {
        const { id, code, message: text } = message
        if (id === null) settleAll({ code, message: text })
        else settle(id, () => fail({ code, message: text }))
        break
      }
      case 'intent':
        if (message.intent !== null) events.onIntent(message.intent)
        break
      case 'create':
        if (message.create !== null) events.onCreate(message.create)
        break
      case 'connection':
        events.onConnection(message.connection)
    }
  }

  function request(
    name: ControlRequestName,
    args: readonly unknown[],
  ): Promise<ControlReply<ControlRequestName>> {
    return new Promise((resolve) => {
      if (socket.destroyed) {
        resolve(fail({ code: 'failed', message: `${LOST.message} Nothing was done.` }))
        return
      }
      const id = nextId
      nextId += 1
      const { isSlow = false }: SocketAccess = socketOperations[name].socket
      const replyMs = isSlow ? LONG_REPLY_MS : options.replyMs
      const timer = setTimeout(() => socket.destroy(), replyMs)
      pending.set(id, { name, settle: resolve, timer })
      const sentAtMs = nowMs()
      const message: RequestMessage = {
        protocol: CONTROL_PROTOCOL,
        id,
        sentAtMs,
        accountId,
        name,
        args: [...args],
        ...(person !== undefined && { person }),
      }
      socket.write(`${JSON.stringify(message)}\n`)
    })
  }

  socket.on('close', () => {
    settleAll(LOST)
    if (!isClosed) lostListeners.notify()
  })

  const handlers = socketOperationNames.map(
    (name) => [name, (...args: unknown[]) => request(name, args)] as const,
  )
  return {
    holder,
    requests: Object.fromEntries(handlers) as unknown as ControlHandlers,
    onLost: (listener) => void lostListeners.add(listener),
    close() {
      isClosed = true
      socket.destroy()
    },
    onLine,
  }
}

const LOST: ControlRefusal = {
  code: 'lost',
  message: 'The program using the data folder quit or stopped responding.',
}

const UNREADABLE: ControlRefusal = {
  code: 'lost',
  message: 'The response from the program using the data folder could not be read.',
}
