import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import { createHostFiles } from '../../../src/ssh/hosts/host-files'
import { createHostFollower } from '../../../src/ssh/hosts/follow-hosts'
import { pod as somePod } from '../../harness/samples/pods'
import { startOpenSshForTest, startSshAgent, tempFolder } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair, type OpenSshServer } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

/* What OpenSSH itself makes of the files, with real servers and a real agent. */

const run = promisify(execFile)

const podAt = (
  server: Pick<OpenSshServer, 'port' | 'username'> | null,
  overrides: Partial<Pod> = {},
): Pod => ({
  ...somePod(),
  id: 'k7q2',
  name: 'Llama "70B"\n  ProxyCommand evil',
  phase: server === null ? 'stopped' : 'running',
  ssh: { direct: server && toEndpoint(server), proxy: null },
  ...overrides,
})
const ALIAS = 'pod-llama-70b-proxycommand-evil-k7q2'

/** A client that trusts the server for the pod, and files in its home folder. */
async function prepare(server: OpenSshServer, client: ReturnType<typeof createSshClient>) {
  captureShell(await client.connect(target(toEndpoint(server), { podId: 'k7q2' }))).shell.close()
  const files = createHostFiles(client.home, tempFolder('data'))
  const reports: string[] = []
  const follower = createHostFollower({
    files,
    describeHost: (...args) => client.reopen().describeHost(...args),
    keysStamp: () => '',
    mayWrite: () => true,
    report: (text) => reports.push(text),
  })
  const config = join(client.home, '.ssh/config')
  const ssh = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run('ssh', ['-F', config, '-o', 'BatchMode=yes', ...args], {
      env: { PATH: process.env['PATH'], SSH_AUTH_SOCK: '', ...env },
    })
  const written = () =>
    Object.fromEntries(
      readdirSync(join(client.home, '.ssh/podkeeper.d'))
        .filter((name) => name !== 'lock')
        .map((name) => [name.replace(/^[\da-f-]+/, ''), join(client.home, '.ssh/podkeeper.d', name)]),
    )
  return { files, follower, reports, config, ssh, written }
}

test('ssh reaches the pod by its name, with the key and the host key that Podkeeper uses, also after a restart', async () => {
  const client = createSshClient()
  const { publicLine } = client.key('podkeeper_ed25519')
  const server = await startOpenSshForTest({ authorized: [publicLine] })
  const { files, follower, config, ssh, written } = await prepare(server, client)
  writeFileSync(config, 'Host *\n  Port 1\n  ForwardAgent yes\n  StrictHostKeyChecking no', { mode: 0o640 })
  expect(files.state()).toBe('absent')
  expect(files.include()).toEqual({ ok: true, value: undefined })
  expect(readFileSync(config, 'utf8')).toBe(
    `${files.line}\nHost *\n  Port 1\n  ForwardAgent yes\n  StrictHostKeyChecking no`,
  )
  expect(statSync(config).mode & 0o777).toBe(0o640)
  expect(await follower.update('a', [podAt(server)])).toEqual({ ok: true, value: undefined })
  for (const path of Object.values(written())) expect(statSync(path).mode & 0o777).toBe(0o600)

  const { stdout: effective } = await ssh(['-G', ALIAS])
  expect(effective).toMatch(/^forwardagent no$/m)
  expect(effective).toMatch(/^stricthostkeychecking (true|yes)$/m)
  expect(effective).toMatch(/^identitiesonly yes$/m)
  expect(effective).not.toMatch(/^proxycommand /m)
  // Other hosts are as they were.
  const { stdout: other } = await ssh(['-G', 'elsewhere'])
  expect(other).toMatch(/^port 1$/m)
  expect(other).not.toContain('podkeeper')
  expect((await ssh([ALIAS, 'echo reached'])).stdout).toBe('reached\n')

  // A restart: another address, the same host key. The one who watches writes it.
  const moved = await startOpenSshForTest({ authorized: [publicLine], hostKeyFiles: server.hostKeyFiles })
  follower.onPods('a', [podAt(moved)])
  await expect.poll(() => readFileSync(written()['.config'] ?? '', 'utf8')).toContain(`Port ${moved.port}`)
  await server.stop()
  expect((await ssh([ALIAS, 'echo moved'])).stdout).toBe('moved\n')

  // Another server at the address is not the pod, and is told nothing.
  const stranger = await startOpenSshForTest({ authorized: [publicLine] })
  await follower.update('a', [podAt(stranger)])
  await expect(ssh([ALIAS, 'true'])).rejects.toThrow(
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/,
  )
  expect(stranger.attempts()).toBe(0)

  // A stopped pod leads nowhere, and one that is gone has no entry.
  await follower.update('a', [podAt(null)])
  await expect(ssh([ALIAS, 'true'])).rejects.toThrow(/Could not resolve hostname pod-llama.*\.invalid/)
  await follower.update('a', [])
  expect(readFileSync(written()['.config'] ?? '', 'utf8')).not.toContain('Host')

  expect(files.exclude()).toEqual({ ok: true, value: undefined })
  expect(readFileSync(config, 'utf8')).toBe(
    'Host *\n  Port 1\n  ForwardAgent yes\n  StrictHostKeyChecking no',
  )
  expect(written()).toEqual({})
})

test('ssh offers the one key of the agent that the pod may know', async () => {
  const agent = await startSshAgent()
  const client = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
  const keys = tempFolder('keys')
  const own = generateKeyPair(join(keys, 'own'))
  agent.add(own.file)
  rmSync(own.file)
  const server = await startOpenSshForTest({ authorized: [own.publicLine] })
  const { files, follower, ssh } = await prepare(server, client)
  expect(files.include().ok).toBe(true)
  await follower.update('a', [podAt(server)])
  const later = generateKeyPair(join(keys, 'later'))
  agent.add(later.file)
  const before = server.attempts()
  const env = { SSH_AUTH_SOCK: agent.socket }
  expect((await ssh([ALIAS, 'echo by agent'], env)).stdout).toBe('by agent\n')
  // None, and that one.
  expect(server.attempts() - before).toBeLessThanOrEqual(3)
  await expect(ssh([ALIAS, 'true'])).rejects.toThrow(/Permission denied/)
})

test('a pod whose host key nobody trusts, or a revoked one, has no entry', async () => {
  const client = createSshClient()
  const { publicLine } = client.key()
  const server = await startOpenSshForTest({ authorized: [publicLine] })
  const { files, follower, written } = await prepare(server, client)
  files.include()
  await follower.update('a', [podAt(server), podAt(server, { id: 'other' }), podAt(server, { id: 'a b' })])
  const hosts = () => readFileSync(written()['.config'] ?? '', 'utf8').match(/^Host .*/gm)
  expect(hosts()).toEqual([`Host ${ALIAS}`])
  const hostKey = readFileSync(`${server.hostKeyFiles[0]}.pub`, 'utf8')
  writeFileSync(join(client.home, '.ssh/known_hosts'), `@revoked * ${hostKey}`)
  await follower.update('a', [podAt(server)])
  expect(hosts()).toBeNull()
})

test('hosts are followed only where the person included them, and by one who may write', async () => {
  const client = createSshClient()
  const { publicLine } = client.key()
  const server = await startOpenSshForTest({ authorized: [publicLine] })
  const { files, follower, config } = await prepare(server, client)
  follower.onPods('a', [podAt(server)])
  await follower.update('b', [])
  const folder = join(client.home, '.ssh/podkeeper.d')
  const configs = () => readdirSync(folder).filter((name) => name.endsWith('.config'))
  const ownPath = () =>
    configs()
      .map((name) => join(folder, name))
      .find((path) => readFileSync(path, 'utf8').includes(ALIAS))
  expect(configs()).toHaveLength(1)
  files.include()
  const reading = createHostFollower({
    files,
    describeHost: () => Promise.reject(new Error('not asked')),
    keysStamp: () => '',
    mayWrite: () => false,
    report: expect.unreachable,
  })
  reading.onPods('a', [podAt(server)])
  follower.onPods('a', [podAt(server)])
  await expect.poll(ownPath).toBeDefined()
  // What another program wrote meanwhile is put right with the next look.
  const path = ownPath() ?? ''
  const right = readFileSync(path, 'utf8')
  writeFileSync(path, 'Host *\n  ProxyCommand evil\n')
  follower.onPods('a', [podAt(server)])
  await expect.poll(() => readFileSync(path, 'utf8')).toBe(right)
  // Accounts that are gone leave, those of other data folders stay.
  const others = createHostFiles(client.home, tempFolder('other-data'))
  others.write('a', [])
  expect(configs()).toHaveLength(3)
  files.keepOnly(['a'])
  expect(configs()).toHaveLength(2)
  files.keepOnly([])
  expect(configs()).toHaveLength(1)
  expect(readFileSync(config, 'utf8')).toBe(`${files.line}\n`)
})
