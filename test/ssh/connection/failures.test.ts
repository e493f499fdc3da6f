import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { writeFileSync } from 'node:fs'
import { networkInterfaces, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SshTiming } from '../../../src/ssh/connection/connect'
import { startOpenSshForTest, startRelay } from '../../harness/ssh/openssh-for-test'
import type { OpenSshServerOptions } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'
import { freePort } from '../../harness/base/free-port'

const impatient: SshTiming = { readyMs: 500, unlockMs: 60_000, intervalMs: 15_000, maxUnanswered: 3 }

/** A server on loopback that runs the given handler for each connection. */
async function listen(attend: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    attend(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function withKey(options: Parameters<typeof createSshClient>[0] = {}) {
  const here = createSshClient(options)
  const { publicLine } = here.key()
  const serve = (more: Partial<OpenSshServerOptions> = {}) =>
    startOpenSshForTest({ authorized: [publicLine], ...more })
  const visit = async (port: number, proxyPort: number | null = null) => {
    const at = (each: number) => toEndpoint({ port: each, username: userOfTests })
    const answer = await here.connect({
      ...target(at(port)),
      ssh: { direct: at(port), proxy: proxyPort === null ? null : at(proxyPort) },
    })
    return answer.ok ? { kind: 'in' as const, shell: captureShell(answer).shell } : answer.error
  }
  return { here, serve, visit }
}
const userOfTests = userInfo().username

describe('a port without an SSH server', () => {
  it.each([
    ['closes the connection', (socket: Socket) => socket.end()],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['speaks HTTP', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\nno')],
    ['speaks another version of SSH', (socket: Socket) => socket.write('SSH-1.5-old\r\n')],
    ['sends endless text', (socket: Socket) => flood(socket, 'lorem ipsum '.repeat(5_000))],
    ['sends endless lines', (socket: Socket) => flood(socket, 'lorem ipsum\n'.repeat(5_000))],
    ['sends an endless version line', (socket: Socket) => flood(socket, `SSH-2.0-${'x'.repeat(50_000)}`)],
  ])('is reported if it %s', async (_, attend) => {
    const { visit } = withKey()
    expect(await visit(await listen(attend))).toMatchObject({
      kind: 'no-ssh-server',
      server: { route: 'direct' },
    })
  })

  it('is reported only as unreachable if it sends nothing at all', async () => {
    const { visit } = withKey({ timing: impatient })
    const failure = await visit(await listen(() => {}))
    expect(failure).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('sent nothing') })
  })
})

function flood(socket: Socket, text: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(text));
  }
  socket.on('drain', more)
  more()
}

describe('a pod that cannot be reached', () => {
  it('is reported with the reason', async () => {
    const { visit, here } = withKey()
    const port = await freePort()
    expect(await visit(port)).toEqual({
      kind: 'unreachable',
      server: { route: 'direct', host: '127.0.0.1', port },
      message: `127.0.0.1:${port} refused the connection.`,
    })
    const nowhere = { host: 'nowhere.invalid', port: 22, username: 'root' }
    expect(await here.connect(target(nowhere))).toMatchObject({ error: { kind: 'unreachable' } })
    const none = target(null)
    expect(await here.connect(none)).toEqual({ ok: false, error: { kind: 'no-route' } })
  })

  it('directly is reached through the proxy if there is one', async () => {
    const { visit, serve } = withKey()
    const proxy = await serve()
    const byProxy = await visit(await freePort(), proxy.port)
    expect(byProxy).toMatchObject({ kind: 'in', shell: { server: { route: 'proxy', port: proxy.port } } })
    expect(await visit(await listen((socket) => socket.end()), proxy.port)).toMatchObject({ kind: 'in' })
  })

  it('by either route is reported with the error of the direct one', async () => {
    const { visit } = withKey()
    const [direct, proxy] = [await freePort(), await freePort()]
    expect(await visit(direct, proxy)).toMatchObject({ kind: 'unreachable', server: { route: 'direct' } })
  })

  it('for another reason is not retried through the proxy', async () => {
    const { visit, serve, here } = withKey()
    const [direct, proxy] = [await serve(), await serve()]
    here.person.acceptsHostKeys = false
    expect(await visit(direct.port, proxy.port)).toEqual({ kind: 'host-key-declined' })
    expect(proxy.log()).not.toContain('Connection from')
  })

  it('is not retried after the user cancels', async () => {
    const { here } = withKey()
    const gone = new AbortController()
    const port = await listen(() => gone.abort())
    const answer = await here.connect(target(toEndpoint({ port, username: 'root' })), gone.signal)
    expect(answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
    expect(await here.connect(target(toEndpoint({ port, username: 'root' })), gone.signal)).toMatchObject({
      ok: false,
      error: { kind: 'unreachable' },
    })
  })
})

describe('a server that stops responding', () => {
  it('causes a timeout', async () => {
    const { serve, visit } = withKey({ timing: impatient })
    const server = await serve()
    process.kill(server.pid, 'SIGSTOP')
    expect(await visit(server.port)).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('sent nothing'),
    })
  })

  it("after the user was asked causes a timeout, which doesn't count the time of the prompt", async () => {
    const { here, serve, visit } = withKey({ timing: { ...impatient, readyMs: 1_000 } })
    const relay = await startRelay((await serve()).port)
    let answeredAtMs = 0
    here.person.confirmHostKey = async () => {
      const sinceMs = performance.now()
      await expect.poll(() => performance.now() - sinceMs).toBeGreaterThan(1_200)
      relay.freeze()
      answeredAtMs = performance.now()
      return true
    }
    expect(await visit(relay.port)).toMatchObject({ kind: 'unreachable' })
    expect(performance.now() - answeredAtMs).toBeGreaterThan(100)
    await expect.poll(relay.openSocketCount).toBe(0)
  })

  it('after its version line causes a timeout', async () => {
    const { visit } = withKey({ timing: impatient })
    const port = await listen((socket) => void socket.write('SSH-2.0-frozen\r\n'))
    expect(await visit(port)).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('did not answer in time'),
    })
  })
})

describe('a server that supports nothing safe', () => {
  it.each([
    ['KexAlgorithms diffie-hellman-group14-sha1', 'key exchange'],
    ['KexAlgorithms diffie-hellman-group1-sha1', 'key exchange'],
    ['KexAlgorithms diffie-hellman-group16-sha512', 'key exchange'],
    ['Ciphers aes128-cbc,aes256-cbc,3des-cbc', 'encryption'],
    ['MACs hmac-sha1,hmac-md5', 'integrity check'],
  ])('is rejected with a clear message: %s', async (line, words) => {
    const { serve, visit } = withKey()
    // AES-GCM includes an integrity check, so no algorithm would be left to reject.
    const more = line.startsWith('MACs') ? ['Ciphers aes256-ctr'] : []
    const server = await serve({ config: [line, ...more] })
    const failure = await visit(server.port)
    expect(failure).toMatchObject({ kind: 'no-common-algorithm', message: expect.stringContaining(words) })
    expect(server.attempts()).toBe(0)
  })

  it('is rejected if its host key can sign only with SHA-1', async () => {
    const { serve, visit } = withKey()
    const server = await serve({ hostKeys: ['rsa:2048'], config: ['HostKeyAlgorithms ssh-rsa'] })
    expect(await visit(server.port)).toMatchObject({
      kind: 'no-common-algorithm',
      message: expect.stringContaining('host key type'),
    })
  })

  it('is rejected if its host key has 1024 bits', async () => {
    const { serve, visit, here } = withKey()
    const server = await serve({ hostKeys: ['rsa:1024'], config: ['RequiredRSASize 1024'] })
    expect(await visit(server.port)).toMatchObject({
      kind: 'no-common-algorithm',
      message: expect.stringContaining('1024 bits'),
    })
    expect(here.person.questions).toEqual([])
    expect(server.attempts()).toBe(0)
  })

  it("gets no SHA-1 signature from the user's key either", async () => {
    const here = createSshClient()
    const { publicLine } = here.key('id_rsa', 'rsa:2048')
    const server = await startOpenSshForTest({
      authorized: [publicLine],
      config: ['PubkeyAcceptedAlgorithms ssh-rsa'],
    })
    expect(await here.connect(target(toEndpoint(server)))).toMatchObject({
      ok: false,
      error: { kind: 'keys-refused' },
    })
  })
})

describe('a server that sends a lot of data first', () => {
  it('is disconnected if it sends a packet of 64 KB before its host key', async () => {
    const { visit } = withKey()
    const packet = Buffer.alloc(64 * 1024)
    packet.writeUInt32BE(packet.length - 4)
    const port = await listen((socket) => socket.write(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), packet])))
    expect(await visit(port)).toMatchObject({
      kind: 'unreachable',
      message: 'The server sent invalid SSH data.',
    })
  })

  it('can send 64 KB before its version line', async () => {
    const { serve, visit } = withKey()
    const { port } = await serve()
    const chatty = await listen((socket) => {
      socket.write(`${'welcome '.repeat(100)}\r\n`.repeat(82))
      const far = connect(port, '127.0.0.1').on('error', () => {})
      socket.pipe(far).pipe(socket)
    })
    expect(await visit(chatty)).toMatchObject({ kind: 'in' })
  })

  it.each([1, 30])('can send a banner of %d KB before authentication', async (kilobytes) => {
    const { here, serve, visit } = withKey()
    const file = join(here.home, 'banner')
    writeFileSync(file, `${'x'.repeat(63)}\n`.repeat(16 * kilobytes))
    const server = await serve({ config: [`Banner ${file}`] })
    expect(await visit(server.port)).toMatchObject({ kind: 'in' })
  })

  it.each(['aes256-gcm@openssh.com', 'aes256-ctr'])(
    'is reported as such if its banner is one 64 KB packet, by %s',
    async (cipher) => {
      const { here, serve, visit } = withKey()
      const file = join(here.home, 'banner')
      writeFileSync(file, `${'x'.repeat(63)}\n`.repeat(1024))
      const server = await serve({ config: [`Banner ${file}`, `Ciphers ${cipher}`] })
      expect(await visit(server.port)).toMatchObject({ kind: 'packet-too-long', server: { route: 'direct' } })
    },
  )
})

describe('a connection that is cut after a number of bytes', () => {
  it('fails cleanly wherever it is cut', async () => {
    const { serve, visit, here } = withKey()
    const server = await serve({ config: ['MaxStartups 1000'] })
    const relay = await startRelay(server.port)
    expect(await visit(relay.port)).toMatchObject({ kind: 'in' })
    const whole = relay.forwardedBytes()
    expect(whole).toBeGreaterThan(1_000)
    const places = [
      ...Array.from({ length: 45 }, (_, n) => n),
      ...Array.from({ length: 45 }, (_, n) => 45 + n * 61),
    ]
    for (const bytes of places.filter((each) => each < whole - 300)) {
      relay.cutAfter(bytes)
      const failure = await visit(relay.port)
      // A late cut loses an open shell immediately.
      expect([bytes, failure.kind]).toEqual([
        bytes,
        expect.stringMatching(bytes < 20 ? /^no-ssh-server$/ : /^(no-ssh-server|unreachable|in)$/),
      ])
    }
    expect(here.person.questions).toHaveLength(1)
  })
})

describe('a client for tests', () => {
  /** An address of this computer that others reach, too; without a network one that leads nowhere. */
  const outsideAddress =
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? null

  it('connects to nothing but this computer', async () => {
    let dialed = 0
    const server = createServer((socket) => {
      dialed += 1
      socket.on('error', () => {}).destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const connectTo = async (host: string, hosts: 'any' | 'loopback-only') => {
      const endpoint = { host, port, username: userOfTests }
      const here = createSshClient({ hosts, timing: impatient })
      here.key()
      const answer = await here.connect({ ...target(endpoint), ssh: { direct: endpoint, proxy: null } })
      return answer.ok ? 'in' : answer.error
    }
    const host = outsideAddress ?? '192.0.2.1'
    expect(await connectTo(host, 'loopback-only')).toMatchObject({
      kind: 'unreachable',
      message: 'This is a test build, which connects to this computer only.',
    })
    expect(dialed).toBe(0)
    await connectTo('127.0.0.1', 'loopback-only')
    expect(dialed).toBe(1)
    if (outsideAddress === null) return
    await connectTo(outsideAddress, 'any')
    expect(dialed).toBe(2)
  })
})
