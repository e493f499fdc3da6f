import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import { errorText } from '../../core/base/text/error-text'
import { createListeners } from '../../core/base/listeners'
import type { CreateIntent } from '../../core/creation/create-intent'
import type { Intent } from '../../core/intents/intent'
import { sudoPersonOf } from '../../core/intents/requester'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { ConnectionView } from '../../core/polling/connection'
import type { OpenAuditLog } from '../../node/data-folder/records/audit-log'
import { connectControl } from '../../node/control/control-client'
import type { ControlEvents, ControlHandlers, ControlRefusal } from '../../node/control/control-requests'
import { createControlSession } from '../../node/control/control-session'
import type { Queue } from '../../core/queue/queue'
import { createFolderQueue } from '../../node/queue/folder-queue'
import { rulesInFolder } from '../../node/servers/kept-rules'
import { type FolderLock, holderText, refusalText } from '../../node/data-folder/lock/folder-lock'
import { CliExit, exitCodes } from '../output/exit'
import { nothingText } from '../output/nothing-text'
import type { CliAccount } from './account'
import { acquireFolderLock, createConfigChangers, openActivity } from './active-folder'
import { createCliPodAccess } from './cli-ssh'
import { createCliMonitor } from './create-monitor'
import { type LiveConfig, openLiveConfig } from './live-config'
import { controlText, unusableText } from './account-text'

/** What a command asks of the program that holds the data folder, or of this one where nobody holds it. */
export interface Control {
  readonly requests: ControlHandlers
  /** Whether another program carries out what is asked. */
  readonly isRemote: boolean
  /** What this program found out about earlier actions since the last call. */
  notices(): readonly string[]
  /** Each returns a function that removes the listener. */
  readonly onIntent: (listener: (intent: Intent) => void) => () => void
  readonly onCreate: (listener: (create: CreateIntent) => void) => () => void
  readonly onConnection: (listener: (connection: ConnectionView) => void) => () => void
  /** The other program ended or stopped answering. */
  readonly onLost: (listener: () => void) => () => void
  close(): void
}

/** An account that only another program can act on, because this one has no key of it. */
export interface KeylessAccount {
  readonly id: string
  readonly name: string
  readonly noKey: CliExit
}

/** The account that is asked about. */
export type ControlAccount = CliAccount | KeylessAccount

export const controlAccountId = (account: ControlAccount): string =>
  'view' in account ? account.view.id : account.id

export interface ControlOptions {
  readonly folder: string
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly createFolderLock: () => FolderLock
  /** Nothing is changed, so that a folder that this program may not write to is read all the same. */
  readonly isReadOnly: boolean
  /** Whether new pods are followed until they can be used, for which their system logs are read. Absent: no. */
  readonly followsNewPods?: boolean
  readonly reportedProblems: readonly string[]
  readonly report: (text: string) => void
}

export interface AccountControls {
  /** For each account, in the same order: what can be asked of it, or why nothing can. */
  readonly all: readonly (Control | CliExit)[]
  readonly close: () => void
}

const MAX_TRIES = 5

/**
 * Takes the lock of the folder, or connects to its holder for each account. Null: only settings are asked about. Throws
 * a `CliExit`, with nothing done.
 */
export async function openControls(
  options: ControlOptions,
  accounts: readonly (ControlAccount | null)[],
): Promise<AccountControls> {
  for (let tries = 1; ; tries += 1) {
    const lock = options.createFolderLock()
    const role = await acquireFolderLock(lock)
    const isReadable = options.isReadOnly && role.kind !== 'passive'
    if (role.kind === 'active' || isReadable) return openLocal(lock, options, accounts)
    lock.dispose()
    if (role.kind !== 'passive')
      throw new CliExit(exitCodes.failed, controlText.nothingDone(refusalText(role)))
    const connected = await Promise.all(accounts.map((account) => openRemote(options, account)))
    const all = connected.filter((one) => one !== null)
    const closeAll = (): void => {
      for (const one of all) if (!(one instanceof CliExit)) one.close()
    }
    if (all.length === accounts.length) return { all, close: closeAll }
    // It ended meanwhile, so that the lock may be free.
    closeAll()
    if (tries === MAX_TRIES)
      throw new CliExit(exitCodes.folderLocked, controlText.nothingDone(refusalText(role)))
  }
}

/** The same for one account. */
export async function openControl(options: ControlOptions, account: ControlAccount | null): Promise<Control> {
  const { all, close } = await openControls(options, [account])
  const [control] = all
  if (control !== undefined && !(control instanceof CliExit)) return { ...control, close }
  close()
  throw control ?? new CliExit(exitCodes.failed, nothingText.done)
}

/** Null: the holder ended. */
async function openRemote(
  { folder, clock, env }: ControlOptions,
  account: ControlAccount | null,
): Promise<Control | CliExit | null> {
  const { events, subscriptions, notifyLost } = createControlListeners()
  const connection = await connectControl({
    dataFolder: folder,
    accountId: account && controlAccountId(account),
    person: sudoPersonOf(env),
    events,
    nowMs: () => clock.now().wallMs,
  })
  if (connection.kind === 'gone') return null
  if (connection.kind === 'unusable')
    return new CliExit(exitCodes.folderLocked, unusableText(holderText(connection.holder), connection))
  connection.client.onLost(notifyLost)
  return {
    requests: connection.client.requests,
    isRemote: true,
    notices: () => [],
    ...subscriptions,
    close: connection.client.close,
  }
}

function createControlListeners() {
  const intents = createListeners<[Intent]>()
  const creates = createListeners<[CreateIntent]>()
  const connections = createListeners<[ConnectionView]>()
  const losses = createListeners()
  const events: ControlEvents = {
    onIntent: intents.notify,
    onCreate: creates.notify,
    onConnection: connections.notify,
  }
  const subscriptions = {
    onIntent: intents.add,
    onCreate: creates.add,
    onConnection: connections.add,
    onLost: losses.add,
  }
  return { events, subscriptions, notifyLost: losses.notify }
}

function openLocal(
  lock: FolderLock,
  options: ControlOptions,
  accounts: readonly (ControlAccount | null)[],
): AccountControls {
  const { folder, clock, report } = options
  for (const problem of [...lock.journal.problems, ...lock.creates.problems, ...lock.queue.problems])
    report(problem)
  const config = openLiveConfig({
    folder,
    nowMs: () => clock.now().wallMs,
    mayWrite: () => lock.mayWrite(),
    reportedProblems: options.reportedProblems,
    report,
  })
  const activity = openActivity(folder, lock, () => config.settings(), report)
  // It changes what waits. Jobs are run by the app and by a watch, which go on to follow them.
  const queue = createFolderQueue({
    folder,
    clock,
    journal: lock.queue,
    mayWrite: () => lock.mayWrite(),
    isActing: () => lock.isActing(),
    accounts: () => [],
    hostOf: null,
    hostKeyOutlookOf: () => 'unknown',
    keyring: null,
    record: (entry) => void activity.record(entry),
    report: (what, cause) => report(cause === undefined ? what : `${what}: ${errorText(cause)}`),
  })
  queue.start()
  const opened = { lock, activity, config, queue }
  const all = accounts.map((account) =>
    account !== null && 'noKey' in account
      ? account.noKey
      : openOwn(options, opened, account && createOwnMonitor(options, opened, account)),
  )
  return {
    all,
    close() {
      for (const one of all) if (!(one instanceof CliExit)) one.close()
      queue.dispose()
      activity.close()
      lock.dispose()
    },
  }
}

/** What they share. */
interface OpenedFolder {
  readonly lock: FolderLock
  readonly activity: OpenAuditLog
  readonly config: LiveConfig
  readonly queue: Queue
}

function createOwnMonitor(
  { folder, clock, env, isReadOnly, followsNewPods, report }: ControlOptions,
  { lock, activity, config }: OpenedFolder,
  account: CliAccount,
): Monitor {
  const settings = () => config.settings()
  const { podGuardHost, reachSsh } = createCliPodAccess({ folder, clock, env, settings, report })
  return createCliMonitor({
    account,
    clock,
    settings,
    accountRules: rulesInFolder(folder, config.accountRules),
    // With the journal it would go on with earlier actions.
    journal: isReadOnly ? null : lock.journal,
    creates: isReadOnly ? undefined : lock.creates,
    auditLog: activity,
    reachSsh: followsNewPods ? reachSsh : undefined,
    podGuardHost: podGuardHost(account.view.id),
    report,
  })
}

/** Over a monitor of this process; without one, only settings and the queue can be asked about. */
function openOwn(
  { clock, env }: ControlOptions,
  { activity, config, queue }: OpenedFolder,
  monitor: Monitor | null,
): Control {
  const { events, subscriptions } = createControlListeners()
  const reported = new Set<string>()
  const record = (entry: AuditEntry): void => void activity.record(entry)
  const session = createControlSession(
    {
      clock,
      monitor: () => monitor,
      settings: () => config.settings(),
      ...createConfigChangers(config, record, () => clock.now().wallMs),
      record,
      hasHistory: false,
      queue: () => queue,
    },
    { accountId: monitor?.listing.accountId ?? '', person: sudoPersonOf(env) },
    events,
  )
  monitor?.start()
  return {
    requests: session.handlers,
    isRemote: false,
    notices() {
      const texts = monitor?.snapshot().notices.map(({ text }) => text) ?? []
      return texts.filter((text) => !reported.has(text) && reported.add(text))
    },
    ...subscriptions,
    close() {
      session.dispose()
      monitor?.dispose()
    },
  }
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
        ? new CliExit(exitCodes.failed, controlText.lostRead(message))
        : new CliExit(exitCodes.unreachable, controlText.lostChange(message))
  }
}
