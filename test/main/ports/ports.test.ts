import { connect, createServer } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { ownAddress } from '../../../src/core/ports/port-forward'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { startOpenSshForTest } from '../../harness/ssh/openssh-for-test'
import { stoppedPod } from '../../harness/samples/pods'
import { freePort } from '../../harness/base/free-port'
import { answering, createPortsFixture, poll, textOf } from '../../harness/ssh/ports-fixture'
import { listening } from '../../harness/http/listening'

describe('a forward of the app', () => {
  test('asks about the host key once, carries requests, and counts as use of the pod', async () => {
    const b = await createPortsFixture()
    const [http, other] = [await listening(answering('from the pod')), await listening(answering('other'))]
    const local = await b.start(http)
    expect(b.asked).toEqual(['host key of llama'])
    expect(b.input.inputAgoMs('a/p')).toBeNull()
    expect(await textOf(local)).toBe('from the pod')
    await poll(() => b.input.inputAgoMs('a/p')).not.toBeNull()
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
    const b = await createPortsFixture()
    const echo = await listening(createServer((socket) => socket.on('error', () => {}).pipe(socket)))
    const socket = connect(await b.start(echo), '127.0.0.1')
    socket.write('x')
    const shown = () => b.published.at(-1)?.pods[0]?.forwards[0]?.traffic
    await poll(() => b.input.inputAgoMs('a/p')).not.toBeNull()
    await poll(shown).toMatchObject({ sentBytes: 1, receivedBytes: 1, openConnections: 1 })
    const uses = vi.spyOn(b.input, 'recordInput')
    socket.destroy()
    await poll(shown).toMatchObject({ sentBytes: 1, receivedBytes: 1, connections: 1, openConnections: 0 })
    expect(uses).not.toHaveBeenCalled()
  })

  test('shows a connection as closed that carried nothing, which is no use of the pod either', async () => {
    const b = await createPortsFixture()
    const silent = await listening(createServer((socket) => socket.on('error', () => {}).resume()))
    const socket = connect(await b.start(silent), '127.0.0.1')
    const shown = () => b.published.at(-1)?.pods[0]?.forwards[0]?.traffic
    await poll(shown).toMatchObject({ connections: 1, openConnections: 1 })
    socket.destroy()
    await poll(shown).toEqual({ sentBytes: 0, receivedBytes: 0, connections: 1, openConnections: 0 })
    expect(b.input.inputAgoMs('a/p')).toBeNull()
  })

  test('asks about a port that main did not choose, once, and takes no port that is refused', async () => {
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    b.answers.mayTakePort = false
    const forward = { remotePort: http, localPort: await freePort() }
    expect(await b.ports.start('a/p', forward)).toEqual({ ok: true, value: false })
    expect(b.view()?.forwards ?? []).toEqual([])
    expect(openForwardsFile(b.folder).all()).toEqual([])
    await expect(textOf(forward.localPort)).rejects.toThrow()

    b.answers.mayTakePort = true
    await b.ports.start('a/p', forward)
    await poll(() => b.forward(http)?.openPort).toBe(forward.localPort)
    b.ports.stop('a/p', forward)
    expect(await b.ports.start('a/p', forward)).toEqual({ ok: true, value: true })
    expect(b.askedPorts).toEqual(Array(2).fill(`port ${forward.localPort} for llama`))
    // Another port for the same service is another question, and so is one that was removed.
    await b.ports.start('a/p', { remotePort: http, localPort: 8_000 })
    b.ports.remove('a/p', forward)
    await b.ports.start('a/p', forward)
    expect(b.askedPorts).toHaveLength(4)
  })

  test('asks nothing about a port that main chooses, where no service is expected, and keeps it', async () => {
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    b.answers.mayTakePort = false
    expect(await b.ports.start('a/p', { remotePort: http, localPort: null })).toEqual({
      ok: true,
      value: true,
    })
    await poll(() => b.forward(http)?.openPort).toBeGreaterThanOrEqual(49_152)
    const local = b.forward(http)!.localPort
    b.ports.dispose()
    const again = b.open()
    expect(await again.start('a/p', { remotePort: http, localPort: null })).toEqual({ ok: true, value: true })
    expect(b.view(again)?.forwards).toMatchObject([{ remotePort: http, localPort: local }])
    expect(b.askedPorts).toEqual([])
  })

  test.runIf(process.platform === 'linux')(
    'has an address of its own, at which nothing else is expected, so that nothing is asked',
    async () => {
      const b = await createPortsFixture()
      const http = await listening(answering('x'))
      b.answers.mayTakePort = false
      const shared = await b.ports.start('a/p', { remotePort: http, localPort: null })
      const own = await b.ports.start('a/p', { remotePort: http, localPort: null, hasOwnAddress: true })
      expect([shared, own]).toEqual(Array(2).fill({ ok: true, value: true }))
      await poll(() => b.view()?.forwards.every(({ openPort }) => openPort !== null)).toBe(true)
      const moved = b.view()?.forwards.find(({ hasOwnAddress }) => hasOwnAddress)
      expect(moved).toMatchObject({ localAddress: ownAddress('a/p'), localPort: http, openPort: http })
      expect(ownAddress('a/p')).not.toBe(ownAddress('a/q'))
      const text = async (port: number) => (await fetch(`http://${ownAddress('a/p')}:${port}/`)).text()
      expect(await text(http)).toBe('x')
      // What is at 127.0.0.1 is not there.
      const local = b.view()?.forwards.find(({ hasOwnAddress }) => !hasOwnAddress)?.openPort ?? 0
      await expect(text(local)).rejects.toThrow()
      await b.ports.open('a/p', moved!)
      expect(b.opened).toEqual([`http://${ownAddress('a/p')}:${http}/`])
      b.ports.remove('a/p', { remotePort: http, localPort: local })
      b.ports.dispose()
      expect(b.view(b.open())?.forwards).toMatchObject([{ hasOwnAddress: true, localPort: http }])
    },
  )

  test('takes the next free port where its own is in use', async () => {
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    const taken = await listening(createServer())
    await b.ports.start('a/p', { remotePort: http, localPort: taken })
    await poll(() => b.forward(http)?.openPort).toBeGreaterThan(taken)
    expect(b.forward(http)).toMatchObject({ localPort: taken })
    expect(await textOf(b.forward(http)?.openPort)).toBe('x')
  })

  test('says that nothing listens, until something does', async () => {
    const b = await createPortsFixture()
    const port = await freePort()
    const local = await b.start(port)
    await expect(textOf(local)).rejects.toThrow()
    await poll(() => b.forward(port)?.isRefused).toBe(true)
    await listening(answering('later'), port)
    expect(await textOf(local)).toBe('later')
    expect(b.forward(port)?.isRefused).toBe(false)
  })

  test('returns with the connection, also at the new address after a restart', async () => {
    const b = await createPortsFixture()
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
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    const local = await b.start(http)
    b.show(how === 'stopped' ? [stoppedPod({ id: 'p', name: 'llama' })] : null)
    await expect(textOf(local)).rejects.toThrow()
    await poll(b.relay.openSocketCount).toBe(0)
    b.show([b.podAt(b.relay.port, { startedAtMs: 2_000 })])
    expect(b.view()).toMatchObject({ connection: null, endedReason: reason })
    expect(b.forward(http)).toMatchObject({ state: 'stopped', openPort: null })
    await b.ports.start('a/p', { remotePort: http, localPort: local })
    await poll(() => b.forward(http)?.state).toBe('connected')
    expect(b.view()?.endedReason).toBeNull()
  })

  test('ends when the pod is terminated, and is not offered any more', async () => {
    const b = await createPortsFixture()
    const local = await b.start(await listening(answering('x')))
    b.show([])
    await expect(textOf(local)).rejects.toThrow()
    expect(b.view()).toBeUndefined()
  })

  test('is offered after a restart of the app, and is not started automatically', async () => {
    const b = await createPortsFixture()
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
    const b = await createPortsFixture()
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
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    b.answers.isTrusted = false
    const forward = { remotePort: http, localPort: await freePort() }
    await b.ports.start('a/p', forward)
    await poll(() => b.view()?.connection?.kind).toBe('failed')
    expect(b.view()?.connection).toMatchObject({ reason: expect.stringContaining('trusted') })
    expect(b.server.attempts()).toBe(0)
    b.show([b.podAt(b.relay.port)])
    expect(b.asked).toHaveLength(1)
    b.answers.isTrusted = true
    await b.ports.start('a/p', forward)
    await poll(() => b.forward(http)?.openPort).toBe(forward.localPort)
    expect(b.asked).toHaveLength(2)
  })

  test('a pod that answered with a new key is tried again once it has another address', async () => {
    const b = await createPortsFixture()
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
    const b = await createPortsFixture({ passphrase: 'open sesame' })
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
    const b = await createPortsFixture()
    const forward = { remotePort: 80, localPort: 8_000 }
    const why = async (podKey: 'a/p' | 'a/q' | 'b/p') => {
      const result = await b.ports.start(podKey, forward)
      return result.ok ? '' : result.error
    }
    expect(await why('b/p')).toMatch(/account/)
    expect(await why('a/q')).toMatch(/no longer in the list/)
    b.show([stoppedPod({ id: 'p' })])
    expect(await why('a/p')).toMatch(/isn’t running/)
    b.show([b.podAt(1, { ssh: { direct: null, proxy: { host: 'ssh.runpod.io', port: 22, username: 'x' } } })])
    expect(await why('a/p')).toMatch(/no direct SSH/)
    expect(openForwardsFile(b.folder).all()).toEqual([])
  })

  test('only so many are started at a time, in all pods together', async () => {
    const b = await createPortsFixture()
    for (let at = 0; at < 100; at += 1)
      expect((await b.ports.start('a/p', { remotePort: 1 + at, localPort: 40_000 + at })).ok).toBe(true)
    expect((await b.ports.start('a/p', { remotePort: 1, localPort: 40_000 })).ok).toBe(true)
    expect((await b.ports.start('a/p', { remotePort: 999, localPort: 40_000 })).ok).toBe(false)
  })
})
