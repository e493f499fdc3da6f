import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sshTiming } from '../../../src/ssh/connection/connect'
import { endPatience, startOpenSshForTest, startRelay } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair, type OpenSshServerOptions } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

/** A user with a key, and servers that would accept it. */
function createFixture() {
  const here = createSshClient()
  const { publicLine } = here.key()
  const serve = (options: Partial<OpenSshServerOptions> = {}) =>
    startOpenSshForTest({ authorized: [publicLine], ...options })
  const visit = async (where: Parameters<typeof here.connect>[0]) => {
    const answer = await here.connect(where)
    if (answer.ok) answer.value.close()
    return answer.ok ? 'in' : answer.error
  }
  return { here, serve, visit, questions: here.person.questions }
}

function fingerprintOf(file: string | undefined): string {
  return execFileSync('ssh-keygen', ['-l', '-f', file ?? ''], { encoding: 'utf8' }).split(' ')[1] ?? ''
}

describe('an unknown server', () => {
  it('is shown with the fingerprint of ssh-keygen, confirmed once, and then known, also to the next run', async () => {
    const { here, serve, visit, questions } = createFixture()
    const server = await serve()
    const where = target(toEndpoint(server))
    expect(await visit(where)).toBe('in')
    const offered = { algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(server.hostKeyFiles[0]) }
    expect(questions).toEqual([
      {
        accountId: 'a',
        kind: 'new',
        server: { route: 'direct', host: '127.0.0.1', port: server.port },
        username: server.username,
        isKnownProxy: false,
        offered,
      },
    ])
    const shell = captureShell(await here.connect(where)).shell
    expect(shell.hostKey).toEqual(offered)
    captureShell(
      await here
        .reopen()
        .openShell(where, { columns: 9, rows: 9 }, here.person, new AbortController().signal),
    )
    expect(questions).toHaveLength(1)
    expect(statSync(here.hostKeyFile).mode & 0o777).toBe(0o600)
  })

  it('learns nothing about the user if they decline, and is asked about again', async () => {
    const { here, serve, visit, questions } = createFixture()
    const server = await serve()
    here.person.acceptsHostKeys = false
    for (let times = 1; times <= 2; times++) {
      expect(await visit(target(toEndpoint(server)))).toEqual({ kind: 'host-key-declined' })
      expect(questions).toHaveLength(times)
    }
    await expect.poll(server.log).toMatch(/(Connection (closed|reset)|Received disconnect).*\[preauth\]/)
    expect(server.attempts()).toBe(0)
  })

  it('receives nothing more if the attempt is canceled during the prompt', async () => {
    const { here, serve } = createFixture()
    const server = await serve()
    const gone = new AbortController()
    here.person.confirmHostKey = () => {
      gone.abort()
      return Promise.resolve(true)
    }
    const answer = await here.connect(target(toEndpoint(server)), gone.signal)
    expect(answer.ok).toBe(false)
    await expect.poll(server.log).toMatch(/Connection (closed|reset)/)
    expect(server.attempts()).toBe(0)
  })

  it('is called again if it does not wait for the answer', async () => {
    const { here, serve } = createFixture()
    const server = await serve()
    const relay = await startRelay(server.port)
    let asked = 0
    here.person.confirmHostKey = async () => {
      asked += 1
      await endPatience(server, relay)
      return true
    }
    captureShell(await here.connect(target(toEndpoint({ port: relay.port, username: server.username }))))
    await expect.poll(server.log).toMatch(/Timeout before authentication|Connection (closed|reset)/)
    await expect.poll(() => server.log().match(/Connection from/g)).toHaveLength(2)
    expect(asked).toBe(1)
  })

  it('can wait for the user as long as needed', async () => {
    const { here, serve } = createFixture()
    const server = await serve()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let asked = 0
    here.person.confirmHostKey = async () => {
      asked += 1
      // The limit is suspended once the question is open.
      await new Promise((resolve) => setImmediate(resolve))
      vi.advanceTimersByTime(10 * sshTiming.readyMs)
      return true
    }
    captureShell(await here.connect(target(toEndpoint(server))))
    expect(asked).toBe(1)
  })
})

describe('a server with a changed key', () => {
  it('is blocked before any authentication attempt', async () => {
    const { serve, visit, questions } = createFixture()
    const first = await serve()
    const where = target(toEndpoint(first), { startedAtMs: 1_000 })
    expect(await visit(where)).toBe('in')
    await first.stop()
    const second = await serve({ port: first.port })
    for (let times = 0; times < 3; times++) {
      expect(await visit(where)).toEqual({
        kind: 'host-key-changed',
        server: { route: 'direct', host: '127.0.0.1', port: first.port },
        known: { algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(first.hostKeyFiles[0]) },
        offered: { algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(second.hostKeyFiles[0]) },
      })
    }
    await expect.poll(() => second.log().match(/Connection from/g)?.length).toBe(3)
    expect(second.attempts()).toBe(0)
    expect(questions).toHaveLength(1)
  })

  it('is asked about if its pod has restarted since, and blocked again without another restart', async () => {
    const { serve, visit, questions, here } = createFixture()
    const first = await serve()
    const { port } = first
    const at = (startedAtMs: number | null) => target(toEndpoint(first), { startedAtMs })
    expect(await visit(at(1_000))).toBe('in')
    await first.stop()
    const second = await serve({ port })
    expect(await visit(at(2_000))).toBe('in')
    expect(questions[1]).toMatchObject({ kind: 'changed-by-restart' })
    await second.stop()
    await serve({ port })
    expect(await visit(at(2_000))).toMatchObject({ kind: 'host-key-changed' })
    expect(await visit(at(null))).toMatchObject({ kind: 'host-key-changed' })
    here.person.acceptsHostKeys = false
    expect(await visit(at(3_000))).toEqual({ kind: 'host-key-declined' })
    expect(await visit(at(2_000))).toMatchObject({ kind: 'host-key-changed' })
    expect(questions).toHaveLength(3)
  })

  it('is blocked if it showed the known key after its latest start', async () => {
    const { serve, visit } = createFixture()
    const first = await serve()
    const at = (startedAtMs: number) => target(toEndpoint(first), { startedAtMs })
    expect(await visit(at(1_000))).toBe('in')
    expect(await visit(at(2_000))).toBe('in')
    await first.stop()
    await serve({ port: first.port })
    expect(await visit(at(2_000))).toMatchObject({ kind: 'host-key-changed' })
  })

  it('is treated as new after the user removed its key', async () => {
    const { here, serve, visit, questions } = createFixture()
    const first = await serve()
    const where = target(toEndpoint(first))
    await visit(where)
    await first.stop()
    await serve({ port: first.port })
    expect(await visit(where)).toMatchObject({ kind: 'host-key-changed' })
    here.ssh.forgetHostKey('a', 'p', { route: 'direct', host: '127.0.0.1', port: first.port })
    expect(await visit(where)).toBe('in')
    expect(questions.map(({ kind }) => kind)).toEqual(['new', 'new'])
  })
})

describe('a port that now belongs to another pod', () => {
  it('does not affect the known keys of either pod', async () => {
    const { serve, visit, questions } = createFixture()
    const first = await serve()
    const { port, username } = first
    const where = { port, username }
    expect(await visit(target(toEndpoint(where), { podId: 'one' }))).toBe('in')
    await first.stop()
    const second = await serve({ port })
    expect(await visit(target(toEndpoint(where), { podId: 'two' }))).toBe('in')
    expect(await visit(target(toEndpoint(where), { podId: 'one', accountId: 'b' }))).toBe('in')
    expect(questions.map(({ kind }) => kind)).toEqual(['new', 'new', 'new'])
    await second.stop()
    const moved = await serve({ hostKeyFiles: first.hostKeyFiles })
    expect(await visit(target(toEndpoint(moved), { podId: 'one' }))).toBe('in')
    expect(questions).toHaveLength(3)
  })
})

describe('a server with keys of several types', () => {
  it('shows the key that is known', async () => {
    const { here, serve, visit, questions } = createFixture()
    const first = await serve({ hostKeys: ['ecdsa'] })
    expect(await visit(target(toEndpoint(first)))).toBe('in')
    await first.stop()
    const both = [...first.hostKeyFiles, generateKeyPair(join(here.home, 'host_ed'), 'ed25519').file]
    const second = await serve({ port: first.port, hostKeyFiles: both })
    expect(await visit(target(toEndpoint(second)))).toBe('in')
    expect(questions.map(({ offered }) => offered.algorithm)).toEqual(['ecdsa-sha2-nistp256'])
  })

  it.each(['rsa:3072', 'ecdsa:384', 'ecdsa:521'])('can have %s', async (type) => {
    const { serve, visit, questions } = createFixture()
    const server = await serve({ hostKeys: [type] })
    expect(await visit(target(toEndpoint(server)))).toBe('in')
    expect(questions[0]?.offered.fingerprint).toBe(fingerprintOf(server.hostKeyFiles[0]))
  })
})

describe('the proxy', () => {
  const byProxy = (server: { port: number; username: string }, podId = 'p') =>
    target(null, { podId, ssh: { direct: null, proxy: toEndpoint(server) }, startedAtMs: 5_000 })

  it('counts as one server for all pods, and no restart explains a new key', async () => {
    const { serve, visit, questions } = createFixture()
    const server = await serve()
    expect(await visit(byProxy(server, 'one'))).toBe('in')
    expect(await visit(byProxy(server, 'two'))).toBe('in')
    expect(questions.map(({ server: { route } }) => route)).toEqual(['proxy'])
    await server.stop()
    const other = await serve({ port: server.port })
    expect(await visit({ ...byProxy(other), startedAtMs: 9_000 })).toMatchObject({ kind: 'host-key-changed' })
    expect(other.attempts()).toBe(0)
  })

  it('is asked about once per account, with what another account knows of it', async () => {
    const { serve, visit, questions, here } = createFixture()
    const server = await serve()
    const ofAccount = (one: typeof server, accountId: string) => ({ ...byProxy(one), accountId })
    expect(await visit(ofAccount(server, 'one'))).toBe('in')
    expect(await visit(ofAccount(server, 'two'))).toBe('in')
    expect(await visit(ofAccount(server, 'two'))).toBe('in')
    const known = { fingerprint: fingerprintOf(server.hostKeyFiles[0]) }
    expect(questions).toMatchObject([{ kind: 'new' }, { kind: 'new', knownByAnotherAccount: known }])
    expect(questions[0]).not.toHaveProperty('knownByAnotherAccount')
    await server.stop()
    const other = await serve({ port: server.port })
    here.person.acceptsHostKeys = false
    expect(await visit(ofAccount(other, 'three'))).toMatchObject({ kind: 'host-key-declined' })
    expect(questions.at(-1)).toMatchObject({ kind: 'new', knownByAnotherAccount: known })
    // A yes for a third account replaces nothing that the others know.
    here.person.acceptsHostKeys = true
    expect(await visit(ofAccount(other, 'three'))).toBe('in')
    for (const accountId of ['one', 'two'])
      expect(await visit(ofAccount(other, accountId))).toMatchObject({ kind: 'host-key-changed' })
  })

  const writeKnownHosts = (home: string, lines: readonly string[]): string => {
    const file = join(home, '.ssh/known_hosts')
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }
  const publicOf = (file = ''): string => readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')

  it('is known from a hashed entry of known_hosts, which is not modified', async () => {
    const { here, serve, visit, questions } = createFixture()
    const server = await serve()
    const file = writeKnownHosts(here.home, [
      `[127.0.0.1]:${server.port} ${publicOf(server.hostKeyFiles[0])}`,
    ])
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
    const before = readFileSync(file, 'utf8')
    expect(before).toMatch(/^\|1\|/)
    expect(await visit(byProxy(server))).toBe('in')
    expect(questions).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('is blocked if known_hosts has another key of the same type', async () => {
    const { here, serve, visit } = createFixture()
    const server = await serve()
    const other = generateKeyPair(join(here.home, 'other')).file
    writeKnownHosts(here.home, [`[127.0.0.1]:${server.port} ${publicOf(other)}`])
    expect(await visit(byProxy(server))).toMatchObject({
      kind: 'host-key-changed',
      known: { fingerprint: fingerprintOf(other) },
      knownBy: 'known_hosts',
    })
    expect(server.attempts()).toBe(0)
  })

  it('is blocked by a revoked key, and so is a pod, even a trusted one', async () => {
    const { here, serve, visit } = createFixture()
    const server = await serve()
    expect(await visit(target(toEndpoint(server)))).toBe('in')
    const attempts = server.attempts()
    writeKnownHosts(here.home, [`@revoked * ${publicOf(server.hostKeyFiles[0])}`])
    expect(await visit(byProxy(server))).toMatchObject({ kind: 'host-key-revoked' })
    expect(await visit(target(toEndpoint(server)))).toMatchObject({ kind: 'host-key-revoked' })
    expect(server.attempts()).toBe(attempts)
  })

  it('is asked about in spite of an entry if only the API calls it a proxy', async () => {
    const here = createSshClient({ isKnownProxy: () => false })
    const server = await startOpenSshForTest({ authorized: [here.key().publicLine] })
    writeKnownHosts(here.home, [`[127.0.0.1]:${server.port} ${publicOf(server.hostKeyFiles[0])}`])
    here.person.acceptsHostKeys = false
    expect(await here.connect(byProxy(server))).toEqual({ ok: false, error: { kind: 'host-key-declined' } })
    expect(here.person.questions).toMatchObject([
      { kind: 'new', isKnownProxy: false, username: server.username, server: { route: 'proxy' } },
    ])
    expect(server.attempts()).toBe(0)
  })

  it('is the only server known by its address: a pod is asked about in spite of an entry', async () => {
    const { here, serve, visit, questions } = createFixture()
    const server = await serve()
    writeKnownHosts(here.home, [`[127.0.0.1]:${server.port} ${publicOf(server.hostKeyFiles[0])}`])
    expect(await visit(target(toEndpoint(server)))).toBe('in')
    expect(questions).toHaveLength(1)
  })
})

describe('the file of pinned keys', () => {
  it('is set aside and reported if it is damaged, and then no server is trusted', async () => {
    const { here, serve, visit, questions } = createFixture()
    const server = await serve()
    const where = target(toEndpoint(server))
    await visit(where)
    const text = readFileSync(here.hostKeyFile, 'utf8')
    writeFileSync(here.hostKeyFile, text.slice(0, -40))
    const again = here.reopen()
    const answer = await again.openShell(
      where,
      { columns: 9, rows: 9 },
      here.person,
      new AbortController().signal,
    )
    captureShell(answer)
    expect(questions.map(({ kind }) => kind)).toEqual(['new', 'new'])
    expect(here.problems).toEqual([expect.stringContaining('have been moved to')])
    expect(readFileSync(`${here.hostKeyFile}.damaged-1700000000000`, 'utf8')).toBe(text.slice(0, -40))
    expect(readFileSync(here.hostKeyFile, 'utf8')).toBe(text)
  })
})
