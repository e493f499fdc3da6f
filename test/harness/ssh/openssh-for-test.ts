import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Transform } from 'node:stream'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { migrateFolder } from '../../../src/node/data-folder/format/folder-format'
import {
  killProcess,
  type OpenSshServer,
  type OpenSshServerOptions,
  startOpenSshServer,
} from './openssh-server'

// Keys and servers are created by real programs, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/** Calls what ends something at the end of its scope. Default: of the test. */
export type EndsWith = (end: () => void | Promise<void>) => void

/** A folder that is removed after the test. */
export function tempFolder(name: string, endsWith: EndsWith = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), `podkeeper-${name}-`))
  // A session of a stopping server may still write to it.
  endsWith(() => vi.waitFor(() => rmSync(path, { recursive: true, force: true })))
  return path
}

/** A new data folder in the present format. */
export function dataFolder(name: string): string {
  const path = tempFolder(name)
  migrateFolder(path)
  return path
}

/** A real OpenSSH server on loopback that stops after the test. */
export async function startOpenSshForTest(
  options: OpenSshServerOptions,
  endsWith: EndsWith = onTestFinished,
): Promise<OpenSshServer> {
  const server = await startOpenSshServer(tempFolder('sshd', endsWith), options)
  endsWith(server.stop)
  return server
}

export interface SshAgent {
  readonly socket: string
  readonly add: (file: string) => void
  readonly end: () => Promise<void>
}

/** A real ssh-agent that stops after the test. */
export async function startSshAgent(): Promise<SshAgent> {
  const socket = join(tempFolder('agent'), 'socket')
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => killProcess(child))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const add = (file: string): void =>
    void execFileSync('ssh-add', ['-q', file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'pipe',
    })
  return { socket, add, end: () => killProcess(child) }
}

export interface Relay {
  readonly port: number
  /** The number of bytes from the server so far. */
  readonly forwardedBytes: () => number
  /** From now on a connection is cut after this many bytes from the server. */
  readonly cutAfter: (bytes: number) => void
  /** From now on a connection stands still once so many bytes were sent to the server, until it is cut. */
  readonly holdAfter: (bytes: number) => void
  /** From now on nothing from the server is forwarded, and no connection ends. */
  readonly freeze: () => void
  /** Freezes at the first bytes from the server that come when `isTime` is true. */
  readonly freezeWhen: (isTime: () => boolean) => void
  /** The number of open connection ends. */
  readonly openSocketCount: () => number
  /** Cuts all open connections. */
  readonly cut: () => void
}

/** What a server does when `LoginGraceTime` is over. Ends when the client of the relay can know about it. */
export async function endPatience(server: OpenSshServer, relay: Relay): Promise<void> {
  execFileSync('pkill', ['-ALRM', '-P', String(server.pid)])
  await vi.waitFor(() => {
    if (relay.openSocketCount() > 0) throw new Error('The server still waits')
  })
  // The client is in this process, too, and reads that its connection has ended in one of the next turns.
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A TCP proxy in front of a server that ends after the test. */
export async function startRelay(port: number, endsWith: EndsWith = onTestFinished): Promise<Relay> {
  let limit = Infinity
  let held = Infinity
  let forwardedBytes = 0
  let isFrozen = (): boolean => false
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const upstream = connect(port, '127.0.0.1')
    let left = limit
    const both = [near, upstream]
    const cut = (): void => both.forEach((each) => each.destroy())
    for (const each of both) {
      open.add(each)
      each.setNoDelay(true)
      each.on('error', cut).on('close', () => {
        open.delete(each)
        cut()
      })
    }
    let sent = 0
    const gate = new Transform({
      transform(bytes: Buffer, _encoding, next) {
        sent += bytes.length
        this.push(bytes)
        if (sent < held) next()
      },
    })
    near.pipe(gate).pipe(upstream)
    upstream.on('data', (bytes: Buffer) => {
      forwardedBytes += bytes.length
      if (isFrozen()) return
      const part = bytes.subarray(0, left)
      left -= part.length
      if (left > 0) near.write(part)
      else near.end(part, cut)
    })
    if (left === 0) cut()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => open.forEach((each) => each.destroy())
  endsWith(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    forwardedBytes: () => forwardedBytes,
    freeze: () => void (isFrozen = () => true),
    freezeWhen: (isTime) => void (isFrozen = isTime),
    openSocketCount: () => open.size,
    cutAfter: (bytes) => (limit = bytes),
    holdAfter: (bytes) => (held = bytes),
    cut,
  }
}
