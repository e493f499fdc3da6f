import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../../core/base/time/clock'
import type { Result } from '../../../core/base/result'
import { SECOND_MS } from '../../../core/base/time/time'
import type { CreateIntent } from '../../../core/creation/create-intent'
import type { FolderHealth } from '../../../core/monitor/folder-health'
import type { Intent } from '../../../core/intents/intent'
import type { AccountDetails } from '../../../core/pods-api/account-details'
import type { TokenOperationName } from '../../../shared/operations/socket-operations'
import { type ControlClient, connectControl } from '../../control/control-client'
import type { ControlHandlers, ControlRefusal } from '../../control/control-requests'
import type { ControlledQueueView } from '../../control/queue-control'
import { keeperInFolder, type ServerOperations } from '../../servers/server-operations'
import { ApiUnavailable } from '../api-server'
import { serveText } from './serve-text'

export interface HolderOptions {
  readonly folder: string
  readonly clock: Clock
  /** Called when no program watches the folder: this one is to. It may be called again. */
  readonly onNobody: () => void
}

/** What may be asked in the name of a token. */
export type TokenRequests = Pick<ControlHandlers, TokenOperationName>

/** What a request began, as it goes on. */
export interface FollowedSteps {
  readonly onIntent?: (intent: Intent) => void
  readonly onCreate?: (create: CreateIntent) => void
}

/** The program that watches the data folder, whichever it is. Each method throws an `ApiUnavailable` without one. */
export interface Holder {
  /** As it was a second ago at most. */
  details(accountId: string): Promise<AccountDetails>
  queue(): Promise<ControlledQueueView>
  health(): Promise<FolderHealth>
  /** The server that acts for the account in place of that program; null: none does. */
  readonly keeperOf: (accountId: string) => ServerOperations | null
  /** Asks on a connection of its own, so that nothing else can end it, and follows steps until `settled`. */
  ask<T>(
    accountId: string | null,
    request: (requests: TokenRequests) => Promise<Result<T, ControlRefusal>>,
    steps?: FollowedSteps,
    settled?: Promise<unknown>,
  ): Promise<Result<T, ControlRefusal>>
  close(): void
}

const FRESH_MS = SECOND_MS
const RETRY_MS = 200
/** Long enough for a watch to take the folder. */
const CONNECT_MS = 10 * SECOND_MS

export function createHolder({ folder, clock, onNobody }: HolderOptions): Holder {
  const readers = new Map<string | null, Promise<ControlClient>>()
  /** `atMs`: when it was there; null: it is under way. */
  const cached = new Map<string, { atMs: number | null; readonly value: Promise<unknown> }>()
  const monotonicMs = (): number => clock.now().monotonicMs

  async function connect(accountId: string | null, steps: FollowedSteps = {}): Promise<ControlClient> {
    const giveUpAtMs = monotonicMs() + CONNECT_MS
    for (;;) {
      const connection = await connectControl({
        dataFolder: folder,
        accountId,
        nowMs: () => clock.now().wallMs,
        events: {
          onIntent: (intent) => steps.onIntent?.(intent),
          onCreate: (create) => steps.onCreate?.(create),
          onConnection: () => {},
        },
      })
      if (connection.kind === 'connected') return connection.client
      if (connection.kind === 'unusable') throw new ApiUnavailable(serveText.unusable[connection.reason])
      onNobody()
      if (monotonicMs() > giveUpAtMs) throw new ApiUnavailable(serveText.nobody)
      await wait(RETRY_MS)
    }
  }

  function readerOf(accountId: string | null): Promise<ControlClient> {
    const known = readers.get(accountId)
    if (known !== undefined) return known
    const opened = connect(accountId)
    readers.set(accountId, opened)
    const forget = (): void => {
      if (readers.get(accountId) === opened) readers.delete(accountId)
    }
    opened.then((client) => client.onLost(forget), forget)
    return opened
  }

  /** A read is repeated once, since the other program may have ended right then. */
  async function read<T>(
    accountId: string | null,
    request: (requests: TokenRequests) => Promise<Result<T, ControlRefusal>>,
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const reader = readerOf(accountId)
      const client = await reader
      const reply = await request(client.requests)
      if (reply.ok) return reply.value
      const isLost = reply.error.code === 'lost' || reply.error.code === 'failed'
      if (!isLost || tries === 2) throw new ApiUnavailable(reply.error.message)
      if (readers.get(accountId) === reader) readers.delete(accountId)
      // The other program takes few connections.
      client.close()
    }
  }

  /** Requests within a second, and those that come while it is read, share one read. */
  function fresh<T>(name: string, load: () => Promise<T>): Promise<T> {
    const known = cached.get(name)
    if (known !== undefined && (known.atMs === null || monotonicMs() - known.atMs < FRESH_MS))
      return known.value as Promise<T>
    const value = load()
    const entry: { atMs: number | null; readonly value: Promise<T> } = { atMs: null, value }
    cached.set(name, entry)
    value.then(
      () => (entry.atMs = monotonicMs()),
      () => {
        if (cached.get(name) === entry) cached.delete(name)
      },
    )
    return value
  }

  return {
    keeperOf: (accountId) => keeperInFolder(folder, accountId),
    details: (accountId) => fresh(accountId, () => read(accountId, (requests) => requests.accountDetails())),
    health: () => fresh('health', () => read(null, (requests) => requests.health())),
    queue: () => fresh('queue', () => read(null, (requests) => requests.queue())),
    async ask(accountId, request, steps, settled) {
      const client = await connect(accountId, steps)
      try {
        const reply = await request(client.requests)
        if (reply.ok) await settled
        return reply
      } finally {
        client.close()
        // What it changed is to be seen by the next read.
        cached.clear()
      }
    },
    close() {
      for (const reader of readers.values())
        void reader.then(
          (client) => client.close(),
          () => {},
        )
      readers.clear()
    },
  }
}
