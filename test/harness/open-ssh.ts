import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { endProgram, type OpenSsh, type OpenSshOptions, startOpenSsh } from './openssh-server'

// Keys and servers are made by real programs, on a machine that may do much else.
vi.setConfig({ testTimeout: 60_000 })

/** A folder that goes with the test. */
export function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `podkeeper-${name}-`))
  // A session of a server that ends may still write there.
  onTestFinished(() => vi.waitFor(() => rmSync(path, { recursive: true, force: true }), { timeout: 10_000 }))
  return path
}

/** A real OpenSSH server on loopback, which ends with the test. */
export async function openSsh(options: OpenSshOptions): Promise<OpenSsh> {
  const server = await startOpenSsh(folder('sshd'), options)
  onTestFinished(server.end)
  return server
}

export interface Agent {
  readonly socket: string
  readonly add: (file: string) => void
  readonly end: () => Promise<void>
}

/** A real ssh-agent, which ends with the test. */
export async function sshAgent(): Promise<Agent> {
  const socket = join(folder('agent'), 'socket')
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => endProgram(child))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const add = (file: string): void =>
    void execFileSync('ssh-add', ['-q', file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'pipe',
    })
  return { socket, add, end: () => endProgram(child) }
}

export interface Relay {
  readonly port: number
  /** How many bytes came from the server so far. */
  readonly passed: () => number
  /** From now on a connection is cut after so many bytes from the server. */
  readonly cutAfter: (bytes: number) => void
  /** From now on nothing comes from the server, and no connection ends. */
  readonly freeze: () => void
  /** How many ends of connections stand. */
  readonly open: () => number
  /** Cuts all that stand. */
  readonly cut: () => void
}

/** A TCP proxy before a server. */
export async function relayTo(port: number): Promise<Relay> {
  let limit = Infinity
  let passed = 0
  let isFrozen = false
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    let left = limit
    const both = [near, far]
    const cut = (): void => both.forEach((each) => each.destroy())
    for (const each of both) {
      open.add(each)
      each.setNoDelay(true)
      each.on('error', cut).on('close', () => {
        open.delete(each)
        cut()
      })
    }
    near.pipe(far)
    far.on('data', (bytes: Buffer) => {
      passed += bytes.length
      if (isFrozen) return
      const part = bytes.subarray(0, left)
      left -= part.length
      if (left > 0) near.write(part)
      else near.end(part, cut)
    })
    if (left === 0) cut()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => open.forEach((each) => each.destroy())
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    passed: () => passed,
    freeze: () => void (isFrozen = true),
    open: () => open.size,
    cutAfter: (bytes) => (limit = bytes),
    cut,
  }
}
