import { describe, expect, it } from 'vitest'
import { sign, verify } from 'node:crypto'
import ssh2, { type ConnectConfig } from 'ssh2'
import { createHostKey } from '../../../src/simulator/ssh/host-key'
import { generateEd25519Key } from '../../../src/ssh/keys/ed25519-key'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'
import { connect, directOf, openShell, proxyOf, runIn, testKey } from './client'

const pods = [{ id: 'p', name: 'llama', mode: 'training', stalePortsS: 0 }] as const
const REFUSED = 'authentication methods failed'

/** The fingerprint of the host key that a client receives. */
async function hostKeyAt(config: ConnectConfig): Promise<string> {
  let seen = ''
  const hostVerifier = (hash: string) => (seen = hash) !== ''
  const client = await connect({ ...config, hostHash: 'sha256', hostVerifier })
  client.end()
  return seen
}

describe('SSH access to a pod', () => {
  it('is granted for any key if any key is allowed', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
    const client = await connect(directOf(simulator, 'p'))
    expect(await runIn(client, 'whoami; hostname')).toEqual({ out: 'root\nllama\n', err: '', code: 0 })
  })

  it('is denied without a key, or with another user name', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
    const { privateKey: _, ...bare } = directOf(simulator, 'p')
    await expect(connect({ ...bare, password: 'secret' })).rejects.toThrow(REFUSED)
    await expect(connect({ ...directOf(simulator, 'p'), username: 'admin' })).rejects.toThrow(REFUSED)
  })

  it('is granted for keys registered when the container started; later keys need a restart', async () => {
    const { simulator, clock } = await startSimulator({ pods, ssh: 'registered-keys' })
    await expect(connect(directOf(simulator, 'p'))).rejects.toThrow(REFUSED)
    clock.advanceS(1)
    const body = { keys: [testKey.public] }
    expect((await sendRequest(simulator, '/v2/account/ssh-keys', { method: 'PUT', body })).status).toBe(200)
    await expect(connect(directOf(simulator, 'p'))).rejects.toThrow(REFUSED)
    await sendPodAction(simulator, 'p', 'restart')
    clock.advanceS(10)
    simulator.setPod('p', { name: 'llama-2' })
    await expect.poll(() => (simulator.pod('p')['ssh'] as any).direct).not.toBeNull()
    expect((await runIn(await connect(directOf(simulator, 'p')), 'hostname')).out).toBe('llama-2\n')
  })

  it('requires the private key, not only its public half', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'registered-keys', sshKeys: [testKey.public] })
    const other = generateEd25519Key('').privateText
    await expect(connect({ ...directOf(simulator, 'p'), privateKey: other })).rejects.toThrow(REFUSED)
    await connect(directOf(simulator, 'p'))
  })
})

describe('the SSH address of a pod', () => {
  it('is the one in the API, separate for every pod', async () => {
    const others = [
      { id: 'q', name: 'comfy', mode: 'idle' },
      { id: 'off', name: 'off', mode: 'stopped' },
    ] as const
    const { simulator } = await startSimulator({ ssh: 'any-key', pods: [...pods, ...others] })
    const pod = simulator.pod('q') as any
    const port = pod.runtime.ports.find((each: any) => each.private === 22)
    expect(pod.ssh.direct).toMatchObject({ host: '127.0.0.1', port: port.public, username: 'root' })
    expect(port.ip).toBe('127.0.0.1')
    expect((await runIn(await connect(directOf(simulator, 'q')), 'hostname')).out).toBe('comfy\n')
    expect((simulator.pod('off')['ssh'] as any).direct).toBeNull()
  })

  it('has another port and host key after a restart, which the API shows late', async () => {
    const spec = { ...pods[0], stalePortsS: 60, restartingS: 0 }
    const { simulator, clock } = await startSimulator({ ssh: 'any-key', pods: [spec] })
    const before = directOf(simulator, 'p')
    const keyBefore = await hostKeyAt(before)
    expect(await hostKeyAt(before)).toBe(keyBefore)
    await sendPodAction(simulator, 'p', 'restart')
    expect(directOf(simulator, 'p').port).toBe(before.port)
    await expect.poll(() => connect(before).then(() => 'in', String)).toContain('ECONNREFUSED')
    clock.advanceS(60)
    const after = directOf(simulator, 'p')
    expect(after.port).not.toBe(before.port)
    expect(await hostKeyAt(after)).not.toBe(keyBefore)
  })

  it('is unreachable once the pod has stopped, and open connections end', async () => {
    const spec = { ...pods[0], stoppingS: 0.2 }
    const { simulator } = await startSimulator({ ssh: 'any-key', now: Date.now, pods: [spec] })
    const config = directOf(simulator, 'p')
    const screen = await openShell(await connect(config))
    await sendPodAction(simulator, 'p', 'stop')
    await expect.poll(() => screen.hasClosed()).toBe(true)
    await expect.poll(() => connect(config).then(() => 'in', String)).toContain('ECONNREFUSED')
  })

  it('becomes reachable when a pod comes up', async () => {
    const spec = { ...pods[0], startedAgoMin: 0 }
    const { simulator } = await startSimulator({
      ssh: 'any-key',
      now: Date.now,
      timeFactor: 600,
      pods: [spec],
    })
    await expect.poll(() => (simulator.pod('p')['ssh'] as any).direct).not.toBeNull()
    expect((await runIn(await connect(directOf(simulator, 'p')), 'whoami')).out).toBe('root\n')
  })
})

describe('the SSH proxy', () => {
  it('supports a shell with a terminal', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
    const screen = await openShell(await connect(proxyOf(simulator, 'p')))
    await expect.poll(() => screen.text()).toContain('root@llama:/workspace# ')
  })

  it('supports nothing else', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
    const client = await connect(proxyOf(simulator, 'p'))
    await expect(runIn(client, 'whoami')).rejects.toThrow('Unable to exec')
    const words = await new Promise<string>((resolve, reject) => {
      client.shell(false, (error, channel) => {
        if (error) reject(error)
        else channel.on('data', (data: Buffer) => resolve(data.toString()))
      })
    })
    expect(words).toContain("doesn't support PTY")
  })

  it('rejects a pod that is not running', async () => {
    const { simulator } = await startSimulator({
      pods: [{ ...pods[0], startedAgoMin: 0, provisioningS: 0 }],
      ssh: 'any-key',
    })
    await expect(connect(proxyOf(simulator, 'p'))).rejects.toThrow(REFUSED)
  })
})

describe('a host key of a simulated pod', () => {
  // The key of pod 94 begins with a zero byte, which ssh2's own key generator would drop.
  it.each([1, 94])('can be parsed: %i', (number) => {
    const key = ssh2.utils.parseKey(createHostKey('h', number))
    if (key instanceof Error) throw key
    const { privateKey, publicKey } = { privateKey: key.getPrivatePEM(), publicKey: key.getPublicPEM() }
    expect(key.getPublicSSH()).toHaveLength(51)
    expect(key.getPublicSSH().at(-32) === 0).toBe(number === 94)
    expect(verify(null, Buffer.from('data'), publicKey, sign(null, Buffer.from('data'), privateKey))).toBe(
      true,
    )
  })
})
