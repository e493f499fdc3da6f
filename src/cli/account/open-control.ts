import type { Clock } from '../../core/base/clock'
import { createListeners } from '../../core/base/listeners'
import type { Intent } from '../../core/intents/intent'
import type { Monitor } from '../../core/monitor-types'
import type { ConnectionView } from '../../core/polling/connection'
import { connectControl, type ControlConnection } from '../../node/control/control-client'
import type { ControlHandlers, ControlRefusal } from '../../node/control/control-requests'
import { createControlSession } from '../../node/control/control-session'
import { type FolderLock, holderText, refusalText } from '../../node/data-folder/lock/folder-lock'
import { CliExit, exitCodes } from '../output/exit'
import type { CliAccount } from './account'
import { acquireFolderLock, createSettingChanger, openActivity } from './active-folder'
import { createCliMonitor } from './create-monitor'
import { openLiveConfig } from './live-config'

/** What a command asks of the program that holds the data folder, or of this one where nobody holds it. */
export interface Control {
  readonly requests: ControlHandlers
  /** Whether another program carries out what is asked. */
  readonly isRemote: boolean
  /** What this program found out about earlier actions since the last call. */
  notices(): readonly string[]
  /** Each returns a function that removes the listener. */
  readonly onIntent: (listener: (intent: Intent) => void) => () => void
  readonly onConnection: (listener: (connection: ConnectionView) => void) => () => void
  /** The other program ended or stopped answering. */
  readonly onLost: (listener: () => void) => () => void
  close(): void
}

export interface ControlOptions {
  readonly folder: string
  readonly clock: Clock
  readonly createFolderLock: () => FolderLock
  /**
   * The account that is asked about: with a key for this process to use, or by the id that the app stored, which only
   * another program can act on. Null: only settings are asked about.
   */
  readonly account: CliAccount | { readonly id: string; readonly noKey: CliExit } | null
  /** Nothing is changed, so that a folder that this program may not write to is read all the same. */
  readonly isReadOnly: boolean
  readonly reportedProblems: readonly string[]
  readonly report: (text: string) => void
}

const MAX_TRIES = 5

/** Takes the lock of the folder, or connects to its holder. Throws a `CliExit`, with nothing done. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const { folder, clock, account } = options
  const accountId = account === null ? null : 'view' in account ? account.view.id : account.id
  for (let tries = 1; ; tries += 1) {
    const lock = options.createFolderLock()
    const role = await acquireFolderLock(lock)
    const isReadable = options.isReadOnly && role.kind !== 'passive'
    if (role.kind === 'active' || isReadable) return openLocal(lock, options)
    lock.dispose()
    if (role.kind !== 'passive') throw new CliExit(exitCodes.failed, `Nothing was done: ${refusalText(role)}`)
    const listeners = createControlListeners()
    const connection = await connectControl({
      dataFolder: folder,
      accountId,
      events: { onIntent: listeners.intents.notify, onConnection: listeners.connections.notify },
      nowMs: () => clock.now().wallMs,
    })
    if (connection.kind === 'unusable') throw new CliExit(exitCodes.folderLocked, unusableText(connection))
    if (connection.kind === 'connected') {
      const { client } = connection
      client.onLost(listeners.losses.notify)
      return {
        requests: client.requests,
        isRemote: true,
        notices: () => [],
        onIntent: listeners.intents.add,
        onConnection: listeners.connections.add,
        onLost: listeners.losses.add,
        close: client.close,
      }
    }
    // It ended meanwhile, so that the lock may be free.
    if (tries === MAX_TRIES)
      throw new CliExit(exitCodes.folderLocked, `Nothing was done: ${refusalText(role)}`)
  }
}

function createControlListeners() {
  return {
    intents: createListeners<[Intent]>(),
    connections: createListeners<[ConnectionView]>(),
    losses: createListeners(),
  }
}

function openLocal(lock: FolderLock, options: ControlOptions): Control {
  const { folder, clock, account, report } = options
  if (account !== null && 'noKey' in account) {
    lock.dispose()
    throw account.noKey
  }
  for (const problem of lock.journal.problems) report(problem)
  const listeners = createControlListeners()
  const reported = new Set<string>()
  const activity = openActivity(folder, lock, report)
  const config = openLiveConfig({
    folder,
    nowMs: () => clock.now().wallMs,
    mayWrite: () => lock.mayWrite(),
    reportedProblems: options.reportedProblems,
    report,
  })
  const monitor: Monitor | null =
    account &&
    createCliMonitor({
      account,
      clock,
      settings: () => config.settings(),
      accountRules: config.accountRules,
      // With the journal it would go on with earlier actions.
      journal: options.isReadOnly ? null : lock.journal,
      auditLog: activity,
      report,
    })
  const session = createControlSession(
    {
      clock,
      monitor: () => monitor,
      settings: () => config.settings(),
      changeSetting: createSettingChanger(
        config,
        (entry) => void activity.record(entry),
        () => clock.now().wallMs,
      ),
      hasHistory: false,
    },
    account?.view.id ?? '',
    { onIntent: listeners.intents.notify, onConnection: listeners.connections.notify },
  )
  monitor?.start()
  return {
    requests: session.handlers,
    isRemote: false,
    notices() {
      const texts = monitor?.snapshot().notices.map(({ text }) => text) ?? []
      return texts.filter((text) => !reported.has(text) && reported.add(text))
    },
    onIntent: listeners.intents.add,
    onConnection: listeners.connections.add,
    onLost: listeners.losses.add,
    close() {
      session.dispose()
      monitor?.dispose()
      activity.close()
      lock.dispose()
    },
  }
}

function unusableText({ holder, reason }: Extract<ControlConnection, { kind: 'unusable' }>): string {
  const name = holderText(holder)
  const why = {
    silent: `${name} holds the data folder and does not answer.`,
    older:
      holder?.program === 'cli'
        ? `${name} is busy with an action, or an older Podkeeper. Wait for it, or end it first.`
        : `${name} acts for this account, and takes no requests from other programs. Do it there, or end it first.`,
    newer: `${name} is newer and doesn't understand the requests of this command line. Update the command line.`,
  }[reason]
  return `Nothing was done: ${why}`
}

/** The exit for a request that was not carried out. `isReadOnly`: nothing would have been changed. */
export function refusalExit({ code, message }: ControlRefusal, isReadOnly = false): CliExit {
  switch (code) {
    case 'failed':
    case 'rejected':
      return new CliExit(exitCodes.failed, message)
    case 'unreachable':
      return new CliExit(exitCodes.unreachable, message)
    case 'other-account':
      return new CliExit(exitCodes.folderLocked, message)
    case 'lost':
      return isReadOnly
        ? new CliExit(exitCodes.failed, `${message} Nothing was done.`)
        : new CliExit(exitCodes.unreachable, `${message} It is not known whether that was changed.`)
  }
}
