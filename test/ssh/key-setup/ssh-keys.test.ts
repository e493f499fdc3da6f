import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/core/pods/provider'
import { ok } from '../../../src/core/base/result'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { startOpenSshForTest, startSshAgent } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'
import { createManualClock } from '../../harness/base/manual-clock'
import { sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

function providerOf(simulator: Simulator, apiKey = FULL_KEY): Provider {
  const clock = createManualClock()
  return createRunpodProvider({
    baseUrl: simulator.url,
    hosts: 'loopback-only',
    apiKey,
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
  })
}

async function account(sshKeys: readonly string[]) {
  const { simulator } = await startSimulator({ sshKeys })
  const here = createSshClient()
  const registered = async (): Promise<string[]> =>
    (await sendRequest(simulator, '/v2/account/ssh-keys')).body.keys
  const provider = providerOf(simulator)
  return {
    simulator,
    here,
    provider,
    registered,
    view: () => here.ssh.getKeysView(provider, target(null)),
    register: (fingerprint: string) => here.ssh.registerKey(provider, 'a', fingerprint),
  }
}

const fingerprintOf = (file: string): string =>
  execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ')[1] ?? ''
const strangers = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhaNLlv62u1/t+pP8xICZ3e8oIW2NCgVsOyFWckRjBW one@x',
  'ssh-rsa AAAAB3NzaC1yc2E odd',
]

describe('the keys of this computer and the account', () => {
  it('are empty without any key', async () => {
    const { view } = await account([])
    expect(await view()).toEqual({
      local: [],
      registeredCount: 0,
      problem: null,
      issues: [{ kind: 'no-local-key' }, { kind: 'none-registered' }],
      canRegister: true,
    })
  })

  it('include a key that is not registered', async () => {
    const { here, view } = await account(strangers.slice(0, 1))
    const { file } = here.key()
    expect(await view()).toMatchObject({
      local: [
        {
          fingerprint: fingerprintOf(file),
          name: '~/.ssh/id_ed25519',
          algorithm: 'ssh-ed25519',
          source: 'usual-file',
          isRegistered: false,
          problem: null,
        },
      ],
      registeredCount: 1,
      issues: [{ kind: 'not-registered' }],
    })
  })

  it('are compared by their bytes, whatever their comments', async () => {
    const { here } = await account([])
    expect(await here.ssh.compareKeys(strangers)).toEqual({ usable: 0, matching: 0, cantTell: 0 })
    const { publicLine } = here.key()
    expect(await here.ssh.compareKeys(strangers)).toEqual({ usable: 1, matching: 0, cantTell: 0 })
    const renamed = `${publicLine.split(' ').slice(0, 2).join(' ')} another name`
    expect(await here.ssh.compareKeys([...strangers, renamed])).toEqual({
      usable: 1,
      matching: 1,
      cantTell: 0,
    })
  })

  it('include a key found in two places once', async () => {
    const agent = await startSshAgent()
    const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
    const { file } = here.key()
    agent.add(file)
    copyFileSync(file, join(here.home, '.ssh/id_ecdsa'))
    agent.add(generateKeyPair(join(here.home, 'other'), 'ecdsa').file)
    const { local } = await here.ssh.getKeysView({}, target(null))
    expect(local.map(({ name, source }) => [name, source])).toEqual([
      ['~/.ssh/id_ed25519', 'usual-file'],
      ['of the tests', 'agent'],
    ])
  })

  it('include a registered key, with a note if it came too late or the pod has no SSH', async () => {
    const here = createSshClient()
    const { publicLine } = here.key()
    const { simulator } = await startSimulator({ sshKeys: [publicLine] })
    const view = await here.ssh.getKeysView(providerOf(simulator), target(null))
    expect(view).toMatchObject({
      local: [{ isRegistered: true }],
      issues: [{ kind: 'perhaps-registered-after-start' }, { kind: 'perhaps-made-without-ssh' }],
    })
  })

  it('cannot be read with an API key that lacks the permission', async () => {
    const { simulator, here } = await account(strangers)
    here.key()
    simulator.fault({ kind: 'forbidden', path: '/v2/account/ssh-keys' })
    expect(await here.ssh.getKeysView(providerOf(simulator, READ_ONLY_KEY), target(null))).toMatchObject({
      local: [{ isRegistered: null }],
      registeredCount: null,
      problem: expect.stringContaining('has no permission to read'),
      issues: [],
      canRegister: false,
    })
  })

  it('are not available from every provider', async () => {
    const { here } = await account([])
    expect(await here.ssh.getKeysView({}, target(null))).toMatchObject({
      problem: expect.stringContaining('does not list'),
      canRegister: false,
    })
  })
})

describe('a key created by Podkeeper', () => {
  it('can be read by ssh-keygen and only by its owner', async () => {
    const { here } = await account([])
    const made = await here.ssh.generateKey()
    const file = join(here.home, '.ssh/podkeeper_ed25519')
    expect(made).toMatchObject({
      ok: true,
      value: {
        fingerprint: fingerprintOf(file),
        name: '~/.ssh/podkeeper_ed25519',
        algorithm: 'ssh-ed25519',
        problem: null,
      },
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(here.home, '.ssh')).mode & 0o777).toBe(0o700)
    expect(execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()).toBe(
      readFileSync(`${file}.pub`, 'utf8').trim(),
    )
  })

  it.each(['podkeeper_ed25519', 'podkeeper_ed25519.pub'])('never replaces %s', async (name) => {
    const { here } = await account([])
    writeFileSync(join(here.home, '.ssh', name), 'precious')
    expect(await here.ssh.generateKey()).toMatchObject({
      ok: false,
      error: expect.stringContaining('already exists'),
    })
    expect(readFileSync(join(here.home, '.ssh', name), 'utf8')).toBe('precious')
    const other = name.endsWith('.pub') ? 'podkeeper_ed25519' : 'podkeeper_ed25519.pub'
    expect(existsSync(join(here.home, '.ssh', other))).toBe(false)
  })

  it('opens a shell on a real server and is read back before it is kept', async () => {
    const { here } = await account([])
    expect(await here.ssh.generateKey()).toMatchObject({ ok: true })
    const publicLine = readFileSync(join(here.home, '.ssh/podkeeper_ed25519.pub'), 'utf8').trim()
    const server = await startOpenSshForTest({ authorized: [publicLine], ...minimalShell })
    const screen = captureShell(await here.connect(target(toEndpoint(server))))
    screen.type('echo $((6 * 7))\n')
    await expect.poll(screen.text).toContain('42')
  })

  it('opens a shell on a pod after registration and a restart', async () => {
    const { here, register, registered, view } = await account(strangers)
    const made = await here.ssh.generateKey()
    const fingerprint = (made.ok && made.value.fingerprint) || ''
    expect(await view()).toMatchObject({ local: [{ isRegistered: false }] })
    expect(await register(fingerprint)).toEqual({ ok: true, value: undefined })
    expect(await registered()).toEqual([
      ...strangers,
      expect.stringMatching(/^ssh-ed25519 \S+ podkeeper_ed25519$/),
    ])
    expect(await view()).toMatchObject({ local: [{ isRegistered: true }] })
  })
})

describe('registering a key', () => {
  const puts = (simulator: Simulator): number =>
    simulator.requests.filter(({ method }) => method === 'PUT').length

  async function ready() {
    const at = await account(strangers)
    const { file } = at.here.key()
    await at.view()
    return { ...at, fingerprint: fingerprintOf(file) }
  }

  it('keeps every existing line unchanged', async () => {
    const { register, registered, fingerprint } = await ready()
    expect(await register(fingerprint)).toMatchObject({ ok: true })
    expect((await registered()).slice(0, -1)).toEqual(strangers)
  })

  it('sends nothing if the key is already registered', async () => {
    const { register, registered, fingerprint, simulator } = await ready()
    await register(fingerprint)
    const before = await registered()
    expect(await register(fingerprint)).toMatchObject({ ok: true })
    expect(await registered()).toEqual(before)
    expect(puts(simulator)).toBe(1)
  })

  it.each(['forbidden', 'html', 'empty-object', 'half-body', 'rate-limited'] as const)(
    'sends nothing if the keys cannot be read: %s',
    async (kind) => {
      const { register, registered, fingerprint, simulator } = await ready()
      simulator.fault({ kind, method: 'GET', path: '/v2/account/ssh-keys' })
      expect(await register(fingerprint)).toMatchObject({
        ok: false,
        error: expect.stringContaining('nothing was changed'),
      })
      simulator.clearFaults()
      expect(puts(simulator)).toBe(0)
      expect(await registered()).toEqual(strangers)
    },
  )

  it('sends nothing if someone changes the keys in between', async () => {
    const { register, registered, fingerprint, simulator, provider, here } = await ready()
    const added = [
      ...strangers,
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhaNLlv62u1/t+pP8xICZ3e8oIW2NCgVsOyFWckRjBX',
    ]
    let reads = 0
    const racing: Provider = {
      ...provider,
      readSshKeys: async () => {
        const answer = await provider.readSshKeys?.()
        reads += 1
        if (reads === 1)
          await sendRequest(simulator, '/v2/account/ssh-keys', { method: 'PUT', body: { keys: added } })
        return answer ?? { ok: true, value: [] }
      },
    }
    expect(await here.ssh.registerKey(racing, 'a', fingerprint)).toMatchObject({
      ok: false,
      error: expect.stringContaining('being changed elsewhere'),
    })
    expect(await registered()).toEqual(added)
    expect(await register(fingerprint)).toMatchObject({ ok: true })
    expect((await registered()).slice(0, -1)).toEqual(added)
  })

  it('reports existing keys that are missing afterwards', async () => {
    const { registered, fingerprint, simulator, provider, here } = await ready()
    const racing: Provider = {
      ...provider,
      replaceSshKeys: async (lines) => {
        const answer = await provider.replaceSshKeys?.(lines)
        await sendRequest(simulator, '/v2/account/ssh-keys', {
          method: 'PUT',
          body: { keys: lines.slice(1) },
        })
        return answer ?? { ok: true, value: undefined }
      },
    }
    expect(await here.ssh.registerKey(racing, 'a', fingerprint)).toMatchObject({
      ok: false,
      error: expect.stringContaining('an earlier key is no longer there'),
    })
    expect(await registered()).toHaveLength(2)
  })

  it.each(['half-body', 'reset-after', 'no-content'] as const)(
    'determines the result by reading if the response is unclear: %s',
    async (kind) => {
      const { register, registered, fingerprint, simulator } = await ready()
      simulator.fault({ kind, method: 'PUT', path: '/v2/account/ssh-keys', count: 1 })
      expect(await register(fingerprint)).toMatchObject({ ok: true })
      expect(await registered()).toHaveLength(3)
    },
  )

  it.each(['reset-before', 'server-error', 'forbidden'] as const)(
    'fails with a message if it had no effect: %s',
    async (kind) => {
      const { register, registered, fingerprint, simulator } = await ready()
      simulator.fault({ kind, method: 'PUT', path: '/v2/account/ssh-keys', count: 1 })
      expect(await register(fingerprint)).toMatchObject({ ok: false, error: expect.stringContaining('not') })
      expect(await registered()).toEqual(strangers)
    },
  )

  it('fails if the provider only claims success', async () => {
    const { registered, fingerprint, provider, here } = await ready()
    const lying: Provider = { ...provider, replaceSshKeys: () => Promise.resolve(ok(undefined)) }
    expect(await here.ssh.registerKey(lying, 'a', fingerprint)).toMatchObject({
      ok: false,
      error: expect.stringContaining('does not appear among'),
    })
    expect(await registered()).toEqual(strangers)
  })

  it('has an unknown result if nothing can be read afterwards', async () => {
    const { fingerprint, simulator, provider, here } = await ready()
    const blind: Provider = {
      ...provider,
      replaceSshKeys: async (lines) => {
        const answer = await provider.replaceSshKeys?.(lines)
        simulator.fault({ kind: 'server-error', method: 'GET', path: '/v2/account/ssh-keys' })
        return answer ?? { ok: true, value: undefined }
      },
    }
    expect(await here.ssh.registerKey(blind, 'a', fingerprint)).toMatchObject({
      ok: false,
      error: expect.stringContaining('can’t tell whether'),
    })
  })

  it('is limited to keys of this computer and to providers that support it', async () => {
    const { register, here, fingerprint } = await ready()
    expect(await register('SHA256:else')).toMatchObject({
      ok: false,
      error: expect.stringContaining('was not found'),
    })
    expect(await here.ssh.registerKey({}, 'a', fingerprint)).toMatchObject({ ok: false })
  })
})

describe('a registered key', () => {
  it('is the only one that is offered', async () => {
    const { here, view, register } = await account([])
    here.key('id_ed25519')
    const late = here.key('id_rsa', 'rsa:2048')
    await view()
    await register(fingerprintOf(late.file))
    const server = await startOpenSshForTest({
      authorized: [generateKeyPair(join(here.home, 'stranger')).publicLine],
    })
    expect(await here.connect(target(toEndpoint(server)))).toMatchObject({
      error: { kind: 'keys-refused', keyNames: ['~/.ssh/id_rsa'] },
    })
  })

  it('is the only one whose passphrase is asked for', async () => {
    const { here, view, register } = await account([])
    here.key('id_ed25519', 'ed25519', 'secret')
    const late = here.key('id_rsa', 'rsa:2048', 'secret')
    await view()
    const server = await startOpenSshForTest({ authorized: [late.publicLine] })
    const at = target(toEndpoint(server))
    expect(await here.connect(at)).toMatchObject({ error: { kind: 'no-registered-key' } })
    expect(here.person.passphraseRequests).toEqual([])
    await register(fingerprintOf(late.file))
    here.person.passphrases = ['secret']
    captureShell(await here.connect(at))
    expect(here.person.passphraseRequests).toEqual([{ keyName: '~/.ssh/id_rsa', isAgain: false }])
  })

  it('is needed once the registered keys are known: without one, no server learns of any other', async () => {
    const { here, view } = await account([])
    here.key('id_ed25519')
    await view()
    const server = await startOpenSshForTest({ authorized: [] })
    expect(await here.connect(target(toEndpoint(server)))).toEqual({
      ok: false,
      error: { kind: 'no-registered-key' },
    })
    expect(server.log()).not.toContain('Connection from')
  })
})
