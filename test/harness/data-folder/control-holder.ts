import type { FolderHealth } from '../../../src/core/monitor/folder-health'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { Intent } from '../../../src/core/intents/intent'
import type { Queue } from '../../../src/core/queue/queue'
import { type ControlClient, connectControl } from '../../../src/node/control/control-client'
import { createControlServer, type ControlServerOptions } from '../../../src/node/control/control-server'
import { createFolderLock, type FolderLock } from '../../../src/node/data-folder/lock/folder-lock'
import type { LockService } from '../../../src/node/data-folder/lock/lock-socket'
import { defaultSettings } from '../../../src/core/settings/settings'
import { flushPromises } from '../base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
} from '../monitor/monitor-fixture'
import { pod } from '../samples/pods'

export const ACCOUNT = 'account-1'

export const newControlFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-control-'))

export async function lockFolder(folder: string, service?: LockService): Promise<FolderLock> {
  const lock = createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program: 'app',
    canActUnlocked: false,
    nowMs: Date.now,
    onRole: () => {},
    retryMs: 60_000,
  })
  onTestFinished(() => lock.dispose())
  await lock.start(service)
  return lock
}

export interface ControlHolder {
  readonly folder: string
  readonly fixture: MonitorFixture
  readonly lock: FolderLock
  /** Settings that were asked to be changed. */
  readonly changed: unknown[]
  readonly reports: string[]
  readonly program: { isDemo: boolean; health: FolderHealth | null }
  /** A connection that says what the test says. Its greeting was read. */
  readonly raw: () => Promise<RawClient>
  readonly command: (accountId?: string | null, person?: string) => Promise<FollowingCommand>
}

export interface FollowingCommand {
  readonly client: ControlClient
  /** The phases of the actions that it follows. */
  readonly phases: string[]
  readonly intents: Intent[]
  readonly isLost: () => boolean
}

/** A program that holds a data folder, with a monitor on a clock of its own, and requests on real sockets. */
export async function startHolder(
  limits: ControlServerOptions['limits'] = {},
  options: MonitorFixtureOptions = {},
  /** Further accounts of the program. */
  others: Readonly<Record<string, MonitorFixture>> = {},
  queue: Queue | null = null,
): Promise<ControlHolder> {
  const folder = newControlFolder()
  const fixture = createMonitorFixture({ pods: [pod()], ...options })
  const changed: unknown[] = []
  const reports: string[] = []
  const program: ControlHolder['program'] = { isDemo: false, health: null }
  const { clock, monitor } = fixture
  onTestFinished(() => monitor.dispose())
  const service = createControlServer({
    clock,
    monitor: (accountId) => (accountId === ACCOUNT ? monitor : (others[accountId]?.monitor ?? null)),
    isDemo: () => program.isDemo,
    settings: () => defaultSettings,
    changeSetting(name, value) {
      changed.push([name, value])
      return ok(undefined)
    },
    applyConfig(change) {
      changed.push(change)
      return ok(undefined)
    },
    record: (entry) => changed.push(entry),
    health: () => program.health,
    hasHistory: true,
    queue: () => queue,
    report: (what) => reports.push(what),
    limits,
  })
  const lock = await lockFolder(folder, service)
  for (const one of [monitor, ...Object.values(others).map((each) => each.monitor)]) one.start()
  await flushPromises()
  return {
    folder,
    fixture,
    lock,
    changed,
    reports,
    program,
    raw: () => rawClient(folder),
    command: (accountId = ACCOUNT, person) =>
      openCommand(folder, () => clock.now().wallMs, accountId, person),
  }
}

export async function openCommand(
  folder: string,
  nowMs: () => number = Date.now,
  accountId: string | null = ACCOUNT,
  person?: string,
): Promise<FollowingCommand> {
  const intents: Intent[] = []
  const connection = await connectControl({
    dataFolder: folder,
    accountId,
    person,
    events: { onIntent: (intent) => intents.push(intent), onCreate: () => {}, onConnection: () => {} },
    nowMs,
    limits: { greetingMs: 20_000, replyMs: 60_000 },
  })
  if (connection.kind !== 'connected') throw new Error(JSON.stringify(connection))
  const { client } = connection
  onTestFinished(() => client.close())
  let isLost = false
  client.onLost(() => (isLost = true))
  return {
    client,
    intents,
    get phases() {
      return intents.map(({ phase }) => phase)
    },
    isLost: () => isLost,
  }
}

export interface RawClient {
  readonly socket: Socket
  /** What came after the greeting. */
  read(): string
  /** Writes a request with these changes. */
  request(changes?: object): void
  isClosed(): boolean
  /** Waits until the holder ended the connection. */
  closed(): Promise<void>
}

export const socketPath = (folder: string): string => {
  const writer = join(folder, 'writer')
  return join(writer, String(Math.max(...readdirSync(writer).map(Number).filter(Number.isFinite))))
}

async function rawClient(folder: string): Promise<RawClient> {
  const socket = connect(socketPath(folder))
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)))
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await vi.waitFor(() => {
    if (!text.includes('\n') && !socket.destroyed) throw new Error('no greeting yet')
  })
  return {
    socket,
    read: () => text.slice(text.indexOf('\n') + 1),
    request: (changes = {}) =>
      void socket.write(`${JSON.stringify({ ...requestOf('account'), ...changes })}\n`),
    isClosed: () => socket.destroyed,
    closed: () =>
      new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve()))),
  }
}

export const requestOf = (name: string, ...args: unknown[]) => ({
  protocol: 1,
  id: 1,
  sentAtMs: Date.UTC(2026, 10, 24, 14, 5),
  accountId: ACCOUNT,
  name,
  args,
})

/** A program that stands where the holder of the lock should, and says what the test says. */
export async function startImpostor(onConnection: (socket: Socket) => void): Promise<string> {
  const folder = newControlFolder()
  mkdirSync(join(folder, 'writer'), { mode: 0o700 })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(join(folder, 'writer', '1'))
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return folder
}
