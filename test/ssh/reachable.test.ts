import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSsh } from '../../src/ssh/create-ssh'

const sshWith = (hosts: 'any' | 'loopback-only') =>
  createSsh({
    hostKeyFile: '/nowhere/host-keys.json',
    home: '/nowhere',
    env: {},
    hosts,
    platform: 'linux',
    nowMs: () => 0,
    isKnownProxy: () => false,
    chosenKeyFile: () => null,
    unlockWorkerPath: '',
    onProblem: () => {},
  })

async function serve(greet: (socket: Socket) => void): Promise<{ port: number; received: () => string }> {
  let received = ''
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', (bytes) => (received += bytes.toString()))
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, received: () => received }
}

const endpoint = (port: number, host = '127.0.0.1') => ({ host, port, username: 'root' })

describe('whether SSH is reachable', () => {
  it('is seen by the greeting of a server, to which nothing is sent', async () => {
    let hasEnded = false
    const { port, received } = await serve((socket) => {
      socket.on('close', () => (hasEnded = true))
      socket.write('SSH-2.0-OpenSSH_9.6\r\n')
    })
    expect(await sshWith('any').isReachable(endpoint(port))).toBe(true)
    await expect.poll(() => hasEnded).toBe(true)
    expect(received()).toBe('')
  })

  it('is not the case where something else answers, nothing does, or the connection is closed', async () => {
    const http = await serve((socket) => socket.write(`HTTP/1.1 400 Bad Request\r\n${'x'.repeat(300_000)}`))
    expect(await sshWith('any').isReachable(endpoint(http.port))).toBe(false)
    const closing = await serve((socket) => socket.end())
    expect(await sshWith('any').isReachable(endpoint(closing.port))).toBe(false)
    expect(await sshWith('any').isReachable(endpoint(1))).toBe(false)
  })

  it('is not tried beyond this computer where only it may be reached', async () => {
    expect(await sshWith('loopback-only').isReachable(endpoint(22, '203.0.113.1'))).toBe(false)
  })
})
