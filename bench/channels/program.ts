import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAlertDispatcher, type AlertDispatcher } from '../../src/core/alerts/alert-dispatcher'
import type { Clock } from '../../src/core/base/time/clock'
import { fail, ok } from '../../src/core/base/result'
import { openAlertHistory } from '../../src/node/data-folder/records/alert-history'
import { openOutboxFile } from '../../src/node/data-folder/journal/lazy-journal'
import { openChannelStore } from '../../src/node/channels/channel-store'
import {
  createFolderChannels,
  type FolderChannels,
  type SendToAddress,
} from '../../src/node/channels/folder-channels'
import { createAddressSender } from '../../src/providers/channels/send-to-address'
import { permissiveRules } from '../../test/harness/samples/pending-alerts'

/** The moments at which a program may be killed. */
export type KillPoint = 'before-record' | 'torn-record' | 'after-record' | 'before-send' | 'after-send'

export interface ChannelProgramOptions {
  readonly folder: string
  readonly clock: Clock
  readonly accountId: string
  readonly random: () => number
  /** Asked at each point; true kills the program there. */
  readonly isKilledAt: (point: KillPoint) => boolean
}

/** A program that watches, with the real files and the real HTTP. Once killed, it does nothing any more. */
export interface ChannelProgram {
  readonly dispatcher: AlertDispatcher
  readonly channels: FolderChannels
  readonly isDead: () => boolean
  /** Resolves once no request is under way. */
  settle(): Promise<void>
  end(): void
}

/** So long that a busy machine never looks like a service that doesn't answer. */
const HTTP_TIMEOUT_MS = 60_000

export function startProgram(options: ChannelProgramOptions): ChannelProgram {
  const { folder, clock, accountId } = options
  const outboxPath = join(folder, 'outbox.jsonl')
  const file = openOutboxFile(outboxPath, () => clock.now().wallMs)
  const history = openAlertHistory(folder, () => {})
  const inFlight = new Set<Promise<unknown>>()
  let isDead = false
  const killed = (point: KillPoint): boolean => {
    isDead ||= options.isKilledAt(point)
    return isDead
  }
  const forever = new Promise<never>(() => {})

  const sendNow = createAddressSender({
    version: 'bench',
    proxyEnvironment: {},
    now: () => clock.now(),
    timeoutMs: HTTP_TIMEOUT_MS,
  })
  const send: SendToAddress = async (channel, address, batch) => {
    if (isDead || killed('before-send')) return forever
    const sending = sendNow(channel, address, batch)
    inFlight.add(sending)
    const outcome = await sending
    inFlight.delete(sending)
    return isDead || killed('after-send') ? forever : outcome
  }

  const channels = createFolderChannels({
    clock,
    computer: () => null,
    random: options.random,
    // Nobody else changes the channels, and what watches their file ends with a process only.
    store: { ...openChannelStore(folder, null, () => {}), onChange: () => {} },
    journal: {
      latest: () => file.latest(),
      record(record) {
        if (isDead || killed('before-record')) return fail('killed')
        if (killed('torn-record')) {
          appendFileSync(outboxPath, JSON.stringify(record).slice(0, 40))
          return fail('killed')
        }
        const written = file.record(record)
        return killed('after-record') ? fail('killed') : written
      },
    },
    send,
    routing: () => ({ isLocked: null, mayStopUnwarned: false }),
    mayAct: () => !isDead,
    record: () => {},
    onChange: () => {},
    report: () => {},
  })
  const dispatcher = createAlertDispatcher({
    notifier: {
      show: async () => 'failed',
      outlet: channels.outletOf(accountId, { label: () => null, isRunpod: true }),
    },
    alertHistory: { load: () => history.load(), save: (next) => (isDead ? undefined : history.save(next)) },
    auditLog: { record: () => ok(undefined) },
    rules: () => permissiveRules,
    mayAnnounce: () => !isDead,
    nowMs: () => clock.now().wallMs,
    onChange: () => {},
    report: () => {},
  })
  channels.takeOver()

  return {
    dispatcher,
    channels,
    isDead: () => isDead,
    async settle() {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => setImmediate(resolve))
        if (inFlight.size === 0) return
        await Promise.all(inFlight)
      }
    },
    end() {
      isDead = true
      void channels.shutDown()
      file.close()
    },
  }
}
