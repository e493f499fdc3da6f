import { once } from 'node:events'
import { createServer as createHttpServer, get } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import ssh2, { type ServerChannel } from 'ssh2'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { createHeldConnection, type HeldState } from '../../../src/ssh/forward/held-connection'
import type { PortChannel, PortConnection } from '../../../src/ssh/forward/open-port-connection'
import { listenLocally, type LocalPort } from '../../../src/ssh/forward/local-port'
import { startOpenSshForTest, startRelay, tempFolder } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'
import { randomFile } from '../../harness/ssh/file-pod'
import { freePort } from '../../harness/base/free-port'

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Forwards through a real OpenSSH server, by a connection that can be cut. */
async function startForwarding(retryDelayMs = 20) {
  const client = createSshClient()
  const server = await startOpenSshForTest({ authorized: [client.key().publicLine] })
  const relay = await startRelay(server.port)
  const where = target({ ...toEndpoint(server), port: relay.port })
  captureShell(await client.connect(where)).shell.close()
  const states: HeldState['kind'][] = []
  const connections: PortConnection[] = []
  let port = relay.port
  const held = createHeldConnection({
    async open(signal) {
      const opened = await client.ssh.openPortConnection(target({ ...toEndpoint(server), port }), signal)
      if (opened.ok) connections.push(opened.value)
      return opened
    },
    onState: ({ kind }) => states.push(kind),
    retryDelaysMs: [retryDelayMs],
  })
  onTestFinished(held.close)
  expect(await held.start()).toMatchObject({ ok: true })
  const forward = async (remotePort: number, wanted?: number): Promise<LocalPort> => {
    const local = await listenLocally(wanted ?? (await freePort()), () => held.openPort(remotePort))
    if (!local.ok) throw new Error(local.error)
    onTestFinished(local.value.close)
    return local.value
  }
  return { held, relay, states, connections, forward, moveTo: (other: number) => (port = other), server }
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

function fetchBytes(port: number, path = '/'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (bytes: Buffer) => parts.push(bytes)).on('error', reject)
      response.on('end', () => (response.complete ? resolve(Buffer.concat(parts)) : reject(new Error('cut'))))
    }).on('error', reject)
  })
}

describe('a forwarded port', () => {
  it('carries many requests at a time, and counts them', async () => {
    const { forward } = await startForwarding()
    const body = randomFile(200_000)
    const port = await listening(
      createHttpServer((request, response) =>
        response.end(`${request.url}${body.toString('latin1')}`, 'latin1'),
      ),
    )
    const local = await forward(port)
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, at) => fetchBytes(local.port, `/${at}`)),
    )
    for (const [at, reply] of replies.entries())
      expect(hashOf(reply)).toBe(hashOf(Buffer.concat([Buffer.from(`/${at}`), body])))
    expect(local.traffic().connections).toBe(100)
    expect(local.traffic().receivedBytes).toBeGreaterThan(100 * 200_000)
    expect(local.traffic().sentBytes).toBeGreaterThan(100 * 20)
    await expect.poll(() => local.traffic().openConnections).toBe(0)
  })

  it('passes on the end of one side while the other continues', async () => {
    const { forward } = await startForwarding()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const parts: Buffer[] = []
      socket
        .on('data', (bytes) => parts.push(bytes))
        .on('end', () => socket.end(hashOf(Buffer.concat(parts))))
    })
    const local = await forward(await listening(server))
    const sent = randomFile(5_000_000)
    const socket = connect({ port: local.port, host: '127.0.0.1', allowHalfOpen: true })
    let answer = ''
    socket.on('data', (bytes) => (answer += bytes.toString()))
    socket.end(sent)
    await once(socket, 'end')
    expect(answer).toBe(hashOf(sent))
  })

  it('holds back a program that sends faster than it is read', async () => {
    const { forward } = await startForwarding()
    let written = 0
    const server = createServer((socket) => {
      const chunk = Buffer.alloc(64 * 1_024)
      const fill = (): void => {
        while (written < 200_000_000) {
          written += chunk.length
          if (!socket.write(chunk)) return
        }
      }
      socket.on('drain', fill).on('error', () => {})
      fill()
    })
    const local = await forward(await listening(server))
    const socket = connect({ port: local.port, host: '127.0.0.1' }).pause()
    await once(socket, 'connect')
    let before = -1
    await expect
      .poll(
        () => {
          const isSteady = written > 0 && written === before
          before = written
          return isSteady
        },
        { interval: 300 },
      )
      .toBe(true)
    expect(written).toBeLessThan(30_000_000)
    socket.destroy()
  })

  it('takes the next free port where its own is in use', async () => {
    const { forward } = await startForwarding()
    const taken = await listening(createServer())
    const local = await forward(80, taken)
    expect(local.port).toBeGreaterThan(taken)
    expect(local.port).toBeLessThan(taken + 100)
    expect(await listenLocally(70_000, () => Promise.resolve(null))).toMatchObject({ ok: false })
  })

  it('is reachable from this computer only', async () => {
    const { forward } = await startForwarding()
    const port = await listening(createHttpServer((_, response) => response.end('x')))
    const local = await forward(port)
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
    )
    for (const { address } of others) {
      const socket = connect({ port: local.port, host: address })
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
      expect(error.code).toBe('ECONNREFUSED')
    }
    expect((await fetchBytes(local.port)).toString()).toBe('x')
  })

  it('ends a connection to a port where nothing listens, and takes the next one', async () => {
    const { forward } = await startForwarding()
    const port = await freePort()
    const local = await forward(port)
    await expect(fetchBytes(local.port)).rejects.toThrow()
    const server = createHttpServer((_, response) => response.end('later'))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    expect((await fetchBytes(local.port)).toString()).toBe('later')
  })

  it('returns with the connection: at the same port, and also at a new address of the pod', async () => {
    const { forward, relay, states, moveTo, server } = await startForwarding()
    const port = await listening(createHttpServer((_, response) => response.end('here')))
    const local = await forward(port)
    expect((await fetchBytes(local.port)).toString()).toBe('here')
    relay.cut()
    // Asked for while there is no connection.
    expect((await fetchBytes(local.port)).toString()).toBe('here')
    expect(states).toEqual(['connected', 'lost', 'connecting', 'connected'])
    moveTo(server.port)
    relay.cut()
    await expect.poll(() => states.filter((state) => state === 'connected').length).toBe(3)
    expect((await fetchBytes(local.port)).toString()).toBe('here')
  })

  it('does not take what was cut off for complete', async () => {
    const { forward, relay } = await startForwarding()
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})))
    const local = await forward(await listening(server))
    const socket = connect({ port: local.port, host: '127.0.0.1' })
    await expect.poll(() => sockets.length).toBe(1)
    sockets[0]?.write('half')
    await once(socket, 'data')
    relay.cut()
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  it('does not reconnect once it is closed', async () => {
    const { held, relay, states, connections } = await startForwarding(0)
    held.close()
    relay.cut()
    expect(await connections[0]?.lost).toBeNull()
    // A timer that was set before this one, and is as short, has run by then.
    await wait(0)
    expect(states).toEqual(['connected'])
    expect(await held.openPort(80)).toBeNull()
  })

  it('waits 20 s for the connection at most', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const connection: PortConnection = {
      openPort: () => Promise.resolve(fail('lost')),
      lost: Promise.resolve('It was lost.'),
      close: () => {},
    }
    const held = createHeldConnection({
      open: () => Promise.resolve(ok(connection)),
      onState: () => {},
      retryDelaysMs: [3_600_000],
    })
    onTestFinished(held.close)
    await held.start()
    let answer: PortChannel | 'none yet' | null = 'none yet'
    void held.openPort(80).then((channel) => (answer = channel))
    await vi.advanceTimersByTimeAsync(19_999)
    expect(answer).toBe('none yet')
    await vi.advanceTimersByTimeAsync(1)
    expect(answer).toBeNull()
  })
})

it('a server that sends more than the window allows is disconnected', async () => {
  const client = createSshClient()
  client.key()
  const hostKey = generateKeyPair(join(tempFolder('host'), 'host'))
  const server = new ssh2.Server({ hostKeys: [readFileSync(hostKey.file)] }, (connection) => {
    connection.on('authentication', (context) => context.accept()).on('error', () => {})
    connection.on('ready', () =>
      connection
        .on('session', (accept) => {
          const session = accept()
          session.on('pty', (accepted) => accepted?.())
          session.on('shell', (accepted) => accepted())
        })
        .on('tcpip', (accept) => {
          const channel = accept() as ServerChannel & { outgoing: { window: number } }
          channel.outgoing.window = 16_000_000
          channel.on('error', () => {})
          const flood = (): void => {
            while (channel.outgoing.window > 0 && channel.write(Buffer.alloc(1_000_000)));
            channel.once('drain', flood)
          }
          flood()
        }),
    )
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
  onTestFinished(() => void server.close())
  const where = target({ host: '127.0.0.1', port, username: 'root' })
  captureShell(await client.connect(where)).shell.close()
  const opened = await client.ssh.openPortConnection(where, new AbortController().signal)
  if (!opened.ok) throw new Error(opened.error.reason)
  // Nobody reads from it.
  const channel = await opened.value.openPort(80)
  expect(await opened.value.lost).toMatch(/\w/)
  expect(channel.ok && channel.value.stream.readableLength).toBeLessThan(4_000_000)
})
