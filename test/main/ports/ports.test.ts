import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AccountPods } from '../../../src/core/confirmation/confirmation-prompt'
import type { Pod } from '../../../src/core/pods/pod'
import type { PortsView } from '../../../src/core/ports/ports-view'
import { noBudgets } from '../../../src/core/money/money-view'
import { createTerminalInputTracker } from '../../../src/core/terminal/terminal-input'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { createPorts } from '../../../src/main/ports/ports'
import { createSystemClock } from '../../../src/node/clock'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { dataFolder, startOpenSshForTest, startRelay } from '../../harness/openssh-for-test'
import { startProgram, writeJupyterServer } from '../../harness/listening-program'
import { accountEntry } from '../../harness/pod-views'
import { pod, stoppedPod } from '../../harness/pods'
import { createSshClient, toEndpoint } from '../../harness/ssh-client'
import { freePort } from '../../harness/free-port'

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

async function listening(server: Server | HttpServer, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const answering = (text: string): HttpServer =>
  createHttpServer((_, response) => response.setHeader('connection', 'close').end(text))

const textOf = async (port: number | null | undefined): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`)).text()

/** The ports of a pod behind a real OpenSSH server, by a connection that can be cut. */
async function bench({ passphrase = '' } = {}) {
  const client = createSshClient()
  const key = client.key('id_ed25519', 'ed25519', passphrase)
  const server = await startOpenSshForTest({ authorized: [key.publicLine] })
  const relay = await startRelay(server.port)
  const folder = dataFolder('ports')
  const clock = createSystemClock()
  const input = createTerminalInputTracker(clock)
  const opened: string[] = []
  const asked: string[] = []
  const answers = { isTrusted: true as boolean, passphrase: passphrase as string | null }
  let pods: readonly Pod[] = []
  let isConnected = true
  const published: PortsView[] = []
  const open = () => {
    const ports = createPorts({
      clock,
      ssh: client.ssh,
      promptsFor: (podName, onAsking) => ({
        async confirmHostKey() {
          asked.push(`host key of ${podName}`)
          onAsking(true)
          return Promise.resolve(answers.isTrusted)
        },
        async requestPassphrase() {
          asked.push('passphrase')
          return Promise.resolve(answers.passphrase)
        },
        onStep: () => onAsking(false),
      }),
      accountPods: (accountId): AccountPods | null =>
        isConnected && accountId === 'a' ? { accountId, pods } : null,
      saved: openForwardsFile(folder),
      isSaved: () => true,
      input,
      publish: (view) => published.push(view),
      openInBrowser: async (address) => Promise.resolve(void opened.push(address)),
      retryDelaysMs: [20],
    })
    onTestFinished(() => ports.dispose())
    return ports
  }
  const ports = open()
  const podAt = (port: number, more: Partial<Pod> = {}): Pod =>
    pod({
      id: 'p',
      name: 'llama',
      startedAtMs: 1_000,
      ssh: { direct: { ...toEndpoint(server), port }, proxy: null },
      ...more,
    })
  /** The list of the account contains these pods now; null: the account is gone. */
  function show(seen: readonly Pod[] | null): void {
    isConnected = seen !== null
    pods = seen ?? []
    const snapshot = { ...emptySnapshot(0, []), listedAtMs: 1 }
    ports.onSnapshot(mergeSnapshots([{ entry: accountEntry({ id: 'a' }), snapshot }], noBudgets, 0))
  }
  show([podAt(relay.port)])
  const view = (from = ports) => from.view().pods.find(({ podKey }) => podKey === 'a/p')
  const forward = (remotePort: number) => view()?.forwards.find((one) => one.remotePort === remotePort)
  /** Starts a forward to a free port, and waits until it is open there. */
  async function start(remotePort: number): Promise<number> {
    const localPort = await freePort()
    expect(ports.start('a/p', { remotePort, localPort })).toEqual({ ok: true, value: undefined })
    await poll(() => forward(remotePort)?.openPort).toBe(localPort)
    return localPort
  }
  const seen = { asked, answers, opened, input, published }
  return { client, server, relay, folder, ports, open, podAt, show, view, forward, start, ...seen }
}

describe('a forward of the app', () => {
  test('asks about the host key once, carries requests, and counts as use of the pod', async () => {
    const b = await bench()
    const [http, other] = [await listening(answering('from the pod')), await listening(answering('other'))]
    const local = await b.start(http)
    expect(b.asked).toEqual(['host key of llama'])
    expect(b.input.hasRecentInput('a/p')).toBe(false)
    expect(await textOf(local)).toBe('from the pod')
    await poll(() => b.input.hasRecentInput('a/p')).toBe(true)
    expect(await textOf(await b.start(other))).toBe('other')
    expect(b.asked).toEqual(['host key of llama'])
    expect(b.forward(http)).toMatchObject({
      state: 'connected',
      problem: null,
      isRefused: false,
      traffic: { connections: 1, receivedBytes: expect.any(Number) },
    })
    // One connection carries both.
    expect(b.relay.openSocketCount()).toBe(2)
    await poll(() => b.published.at(-1)?.pods[0]?.forwards.length).toBe(2)
  })

  test('shows a connection as closed that closes long after its last byte, which is no use of the pod', async () => {
    const b = await bench()
    const echo = await listening(createServer((socket) => socket.on('error', () => {}).pipe(socket)))
    const socket = connect(await b.start(echo), '127.0.0.1')
    socket.write('x')
    const shown = () => b.published.at(-1)?.pods[0]?.forwards[0]?.traffic
    await poll(() => b.input.hasRecentInput('a/p')).toBe(true)
    await poll(shown).toMatchObject({ sentBytes: 1, receivedBytes: 1, openConnections: 1 })
    const uses = vi.spyOn(b.input, 'recordInput')
    socket.destroy()
    await poll(shown).toMatchObject({ sentBytes: 1, receivedBytes: 1, connections: 1, openConnections: 0 })
    expect(uses).not.toHaveBeenCalled()
  })

  test('shows a connection as closed that carried nothing, which is no use of the pod either', async () => {
    const b = await bench()
    const silent = await listening(createServer((socket) => socket.on('error', () => {}).resume()))
    const socket = connect(await b.start(silent), '127.0.0.1')
    const shown = () => b.published.at(-1)?.pods[0]?.forwards[0]?.traffic
    await poll(shown).toMatchObject({ connections: 1, openConnections: 1 })
    socket.destroy()
    await poll(shown).toEqual({ sentBytes: 0, receivedBytes: 0, connections: 1, openConnections: 0 })
    expect(b.input.hasRecentInput('a/p')).toBe(false)
  })

  test('takes the next free port where its own is in use', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    const taken = await listening(createServer())
    b.ports.start('a/p', { remotePort: http, localPort: taken })
    await poll(() => b.forward(http)?.openPort).toBeGreaterThan(taken)
    expect(b.forward(http)).toMatchObject({ localPort: taken })
    expect(await textOf(b.forward(http)?.openPort)).toBe('x')
  })

  test('says that nothing listens, until something does', async () => {
    const b = await bench()
    const port = await freePort()
    const local = await b.start(port)
    await expect(textOf(local)).rejects.toThrow()
    await poll(() => b.forward(port)?.isRefused).toBe(true)
    await listening(answering('later'), port)
    expect(await textOf(local)).toBe('later')
    expect(b.forward(port)?.isRefused).toBe(false)
  })

  test('returns with the connection, also at the new address after a restart', async () => {
    const b = await bench()
    const http = await listening(answering('here'))
    const local = await b.start(http)
    b.relay.cut()
    expect(await textOf(local)).toBe('here')
    // For a while the pod offers no address.
    b.show([b.podAt(0, { ssh: { direct: null, proxy: null } })])
    b.relay.cut()
    await poll(() => b.view()?.connection).toEqual({
      kind: 'waiting',
      reason: 'the pod offers no direct SSH connection now',
    })
    expect(b.forward(http)).toMatchObject({ state: 'waiting', openPort: local })
    b.show([b.podAt(b.server.port, { startedAtMs: 2_000 })])
    expect(await textOf(local)).toBe('here')
  })

  test.each([
    ['stopped', 'The pod was stopped, so its forwards ended.'],
    ['account gone', 'Its account is no longer connected.'],
  ])('ends with its pod and is offered again, not started: %s', async (how, reason) => {
    const b = await bench()
    const http = await listening(answering('x'))
    const local = await b.start(http)
    b.show(how === 'stopped' ? [stoppedPod({ id: 'p', name: 'llama' })] : null)
    await expect(textOf(local)).rejects.toThrow()
    await poll(b.relay.openSocketCount).toBe(0)
    b.show([b.podAt(b.relay.port, { startedAtMs: 2_000 })])
    expect(b.view()).toMatchObject({ connection: null, endedReason: reason })
    expect(b.forward(http)).toMatchObject({ state: 'stopped', openPort: null })
    b.ports.start('a/p', { remotePort: http, localPort: local })
    await poll(() => b.forward(http)?.state).toBe('connected')
    expect(b.view()?.endedReason).toBeNull()
  })

  test('ends when the pod is terminated, and is not offered any more', async () => {
    const b = await bench()
    const local = await b.start(await listening(answering('x')))
    b.show([])
    await expect(textOf(local)).rejects.toThrow()
    expect(b.view()).toBeUndefined()
  })

  test('is offered after a restart of the app, and is not started by itself', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    const local = await b.start(http)
    b.ports.dispose()
    const again = b.open()
    expect(b.view(again)).toMatchObject({
      connection: null,
      forwards: [{ remotePort: http, localPort: local, state: 'stopped' }],
    })
    await expect(textOf(local)).rejects.toThrow()
    expect(again.remove('a/p', { remotePort: http, localPort: local }).ok).toBe(true)
    expect(b.view(again)?.forwards).toEqual([])
    expect(openForwardsFile(b.folder).all()).toEqual([])
  })

  test('a stopped one closes its port and stays saved, and the last one closes the connection', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    const [one, two] = [await b.start(http), await b.start(await listening(answering('y')))]
    b.ports.stop('a/p', { remotePort: http, localPort: one })
    await expect(textOf(one)).rejects.toThrow()
    expect(await textOf(two)).toBe('y')
    for (const each of b.view()?.forwards ?? []) b.ports.stop('a/p', each)
    await poll(b.relay.openSocketCount).toBe(0)
    expect(b.view()).toMatchObject({ connection: null })
    expect(b.view()?.forwards.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
  })

  test('a host key that is not trusted is not asked about again until a person tries again', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    b.answers.isTrusted = false
    const forward = { remotePort: http, localPort: await freePort() }
    b.ports.start('a/p', forward)
    await poll(() => b.view()?.connection?.kind).toBe('failed')
    expect(b.view()?.connection).toMatchObject({ reason: expect.stringContaining('trusted') })
    expect(b.server.attempts()).toBe(0)
    b.show([b.podAt(b.relay.port)])
    expect(b.asked).toHaveLength(1)
    b.answers.isTrusted = true
    b.ports.start('a/p', forward)
    await poll(() => b.forward(http)?.openPort).toBe(forward.localPort)
    expect(b.asked).toHaveLength(2)
  })

  test('a pod that answered with a new key is tried again once it has another address', async () => {
    const b = await bench()
    const http = await listening(answering('here'))
    const local = await b.start(http)
    // After a restart the list has the address of the run before, which is another pod's by now.
    const stranger = await startOpenSshForTest({ authorized: [] })
    b.answers.isTrusted = false
    b.show([b.podAt(stranger.port, { startedAtMs: 1_800_000_000_000 })])
    b.relay.cut()
    await poll(() => b.view()?.connection?.kind).toBe('failed')
    expect(stranger.attempts()).toBe(0)
    b.show([b.podAt(b.server.port, { startedAtMs: 1_800_000_000_000 })])
    await poll(() => b.forward(http)?.openPort).toBe(local)
    expect(await textOf(local)).toBe('here')
  })

  test('asks for the passphrase of a key, and gives up when it is locked again and refused', async () => {
    const b = await bench({ passphrase: 'open sesame' })
    const local = await b.start(await listening(answering('x')))
    expect(b.asked).toEqual(['host key of llama', 'passphrase'])
    b.client.ssh.closeKeys()
    b.answers.passphrase = null
    b.relay.cut()
    await poll(() => b.view()?.connection?.kind).toBe('failed')
    expect(b.asked).toEqual(['host key of llama', 'passphrase', 'passphrase'])
    await expect(textOf(local)).rejects.toThrow()
  })

  test('needs a pod that is listed, runs and offers direct SSH', async () => {
    const b = await bench()
    const forward = { remotePort: 80, localPort: 8_000 }
    const why = (podKey: 'a/p' | 'a/q' | 'b/p') => {
      const result = b.ports.start(podKey, forward)
      return result.ok ? '' : result.error
    }
    expect(why('b/p')).toMatch(/account/)
    expect(why('a/q')).toMatch(/no longer in the list/)
    b.show([stoppedPod({ id: 'p' })])
    expect(why('a/p')).toMatch(/isn’t running/)
    b.show([b.podAt(1, { ssh: { direct: null, proxy: { host: 'ssh.runpod.io', port: 22, username: 'x' } } })])
    expect(why('a/p')).toMatch(/no direct SSH/)
    expect(openForwardsFile(b.folder).all()).toEqual([])
  })

  test('only so many are started at a time, in all pods together', async () => {
    const b = await bench()
    for (let at = 0; at < 100; at += 1)
      expect(b.ports.start('a/p', { remotePort: 1 + at, localPort: 40_000 + at }).ok).toBe(true)
    expect(b.ports.start('a/p', { remotePort: 1, localPort: 40_000 }).ok).toBe(true)
    expect(b.ports.start('a/p', { remotePort: 999, localPort: 40_000 }).ok).toBe(false)
  })
})

describe('what listens on a pod', () => {
  test('is looked up on request only, after the host key was asked about', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    expect(b.view()).toBeUndefined()
    expect(b.relay.openSocketCount()).toBe(0)
    expect((await b.ports.lookUp('a/p')).ok).toBe(true)
    expect(b.asked).toEqual(['host key of llama'])
    expect(b.view()?.listening).toMatchObject({ kind: 'read' })
    const found = b.view()?.listening
    expect(found?.kind === 'read' && found.ports.find(({ port }) => port === http)?.command).toMatch(/node/)
    await b.ports.lookUp('a/p')
    expect(b.asked).toHaveLength(1)
    // What listened in another run says nothing of this one.
    b.show([b.podAt(b.relay.port, { startedAtMs: 2_000 })])
    expect(b.view()?.listening).toBeNull()
  })

  test('says why it could not be looked up', async () => {
    const b = await bench()
    b.answers.isTrusted = false
    await b.ports.lookUp('a/p')
    expect(b.view()?.listening).toMatchObject({ kind: 'failed', reason: expect.stringContaining('trusted') })
    b.show([stoppedPod({ id: 'p' })])
    expect(b.view()?.listening).toBeNull()
    expect((await b.ports.lookUp('a/p')).ok).toBe(false)
  })

  test('the token of Jupyter is read when it is opened, and is in that address only', async () => {
    const b = await bench()
    const jupyter = await startProgram('jupyter-lab')
    writeJupyterServer(b.server.folder, jupyter, 'secret-one')
    const local = await b.start(jupyter)
    const forward = { remotePort: jupyter, localPort: local }
    expect((await b.ports.open('a/p', forward)).ok).toBe(true)
    // The server was started again.
    writeJupyterServer(b.server.folder, jupyter, 'secret-two')
    expect((await b.ports.open('a/p', forward)).ok).toBe(true)
    expect(b.opened).toEqual([
      `http://127.0.0.1:${local}/?token=secret-one`,
      `http://127.0.0.1:${local}/?token=secret-two`,
    ])
    expect(JSON.stringify([b.published, b.ports.view(), openForwardsFile(b.folder).all()])).not.toMatch(
      /secret/,
    )
  })

  test('another port is opened without a token, and one that is not forwarded not at all', async () => {
    const b = await bench()
    const http = await listening(answering('x'))
    const local = await b.start(http)
    expect((await b.ports.open('a/p', { remotePort: http, localPort: local })).ok).toBe(true)
    expect(b.opened).toEqual([`http://127.0.0.1:${local}/`])
    expect((await b.ports.open('a/p', { remotePort: http, localPort: local + 1 })).ok).toBe(false)
    expect(b.opened).toHaveLength(1)
  })
})
