import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { agentPaths, isAgentPath } from '../../../src/ssh/keys/agents'
import { isNetworkPath } from '../../../src/ssh/config/read-small-file'
import { generateEd25519Key } from '../../../src/ssh/keys/ed25519-key'
import { readKeyFile } from '../../../src/ssh/keys/find-keys'
import {
  endPatience,
  startOpenSshForTest,
  startRelay,
  startSshAgent,
} from '../../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

const PEM = ['-m', 'PEM']

/** Whether a shell opens on a server that accepts these keys. */
async function visit(
  here: ReturnType<typeof createSshClient>,
  ...authorized: readonly { publicLine: string }[]
) {
  const server = await startOpenSshForTest({ authorized: authorized.map(({ publicLine }) => publicLine) })
  const answer = await here.connect(target(toEndpoint(server), { podId: `pod-${server.port}` }))
  if (answer.ok) captureShell(answer)
  return { result: answer.ok ? 'in' : answer.error, server }
}

describe('a key of this computer', () => {
  it.each([
    ['id_ed25519', 'ed25519', []],
    ['id_ecdsa', 'ecdsa:256', []],
    ['id_ecdsa', 'ecdsa:384', []],
    ['id_ecdsa', 'ecdsa:521', []],
    ['id_ecdsa', 'ecdsa:256', PEM],
    ['id_rsa', 'rsa:2048', []],
    ['id_rsa', 'rsa:2048', PEM],
  ] as const)('opens a shell on a pod: %s of type %s, %s', async (name, type, more) => {
    const here = createSshClient()
    expect((await visit(here, here.key(name, type, '', more))).result).toBe('in')
    expect(here.person.passphraseRequests).toEqual([])
  })

  it("can be created by the provider's tools", async () => {
    const here = createSshClient()
    const { file, publicLine } = here.key()
    mkdirSync(join(here.home, '.runpod/ssh'), { recursive: true })
    copyFileSync(file, join(here.home, '.runpod/ssh/RunPod-Key-Go'))
    rmSync(file)
    rmSync(`${file}.pub`)
    expect((await visit(here, { publicLine })).result).toBe('in')
  })

  it('is not offered where the account has a key of its own', async () => {
    const own = generateEd25519Key('')
    const here = createSshClient({ accountKey: (id) => (id === 'demo' ? own.privateText : null) })
    const key = here.key()
    const server = await startOpenSshForTest({ authorized: [own.publicLine] })
    const at = target(toEndpoint(server))
    captureShell(await here.connect({ ...at, accountId: 'demo' }))
    // A server of this process is neither asked about nor remembered; the same one elsewhere is.
    expect(here.person.questions).toEqual([])
    expect(existsSync(here.hostKeyFile)).toBe(false)
    expect(await here.connect(at)).toMatchObject({ error: { kind: 'keys-refused' } })
    expect(here.person.questions).toHaveLength(1)
    const strict = await startOpenSshForTest({ authorized: [key.publicLine] })
    expect(
      await here.connect({ ...target(toEndpoint(strict)), podId: 'q', accountId: 'demo' }),
    ).toMatchObject({ error: { kind: 'keys-refused', keyNames: ['the key of the account'] } })
  })

  it('is not offered if it is too short to be safe', async () => {
    const here = createSshClient()
    const { result, server } = await visit(here, here.key('id_rsa', 'rsa:1024'))
    expect(result).toEqual({ kind: 'no-key' })
    expect(server.log()).not.toContain('Connection from')
  })

  it('is refused if others can read it, as by ssh', async () => {
    const here = createSshClient()
    const key = here.key()
    chmodSync(key.file, 0o644)
    const { result, server } = await visit(here, key)
    expect(result).toEqual({ kind: 'no-key' })
    expect(server.log()).not.toContain('Connection from')
    const view = await here.ssh.getKeysView({}, target(null))
    expect(view.local).toMatchObject([
      { name: '~/.ssh/id_ed25519', problem: expect.stringContaining('chmod 600') },
    ])
  })

  it('is reported as missing', async () => {
    const here = createSshClient()
    const server = await startOpenSshForTest({ authorized: [] })
    expect(await here.connect(target(toEndpoint(server)))).toEqual({ ok: false, error: { kind: 'no-key' } })
    expect(here.person.questions).toEqual([])
  })

  it('is reported as rejected', async () => {
    const here = createSshClient()
    here.key()
    here.key('id_rsa', 'rsa:2048')
    const stranger = generateKeyPair(join(here.home, 'stranger'))
    const { result } = await visit(here, stranger)
    expect(result).toMatchObject({
      kind: 'keys-refused',
      keyNames: ['~/.ssh/id_ed25519', '~/.ssh/id_rsa'],
    })
  })

  it('is never replaced by a password, even if the server prefers one', async () => {
    const here = createSshClient()
    here.key()
    const server = await startOpenSshForTest({
      authorized: [],
      config: ['PasswordAuthentication yes', 'KbdInteractiveAuthentication yes'],
    })
    const answer = await here.connect(target(toEndpoint(server)))
    expect(answer).toMatchObject({ ok: false, error: { kind: 'keys-refused' } })
    expect(server.log()).not.toMatch(/method (password|keyboard-interactive|none)/)
  })

  it('is one of at most six that are offered', async () => {
    const here = createSshClient()
    const agent = await startSshAgent()
    for (let n = 0; n < 9; n++) agent.add(generateKeyPair(join(here.home, `key${n}`)).file)
    const there = createSshClient({ home: here.home, env: { SSH_AUTH_SOCK: agent.socket } })
    const server = await startOpenSshForTest({ authorized: [] })
    const answer = await there.connect(target(toEndpoint(server)))
    expect(answer).toMatchObject({ ok: false, error: { kind: 'keys-refused' } })
    expect(!answer.ok && answer.error.kind === 'keys-refused' && answer.error.keyNames).toHaveLength(6)
    // The server writes its log in its own time.
    await expect.poll(() => server.attempts()).toBe(6)
  })

  it('is listed if the server disconnects after too many keys', async () => {
    const here = createSshClient()
    here.key()
    here.key('id_ecdsa', 'ecdsa')
    here.key('id_rsa', 'rsa:2048')
    const server = await startOpenSshForTest({ authorized: [], config: ['MaxAuthTries 2'] })
    expect(await here.connect(target(toEndpoint(server)))).toMatchObject({
      ok: false,
      error: { kind: 'keys-refused' },
    })
  })
})

describe('an encrypted key', () => {
  it.each([
    ['ed25519', []],
    ['rsa:2048', PEM],
    ['ecdsa', PEM],
    ['rsa:2048', []],
  ] as const)('opens a shell on a pod with its passphrase: %s %s', async (type, more) => {
    const here = createSshClient()
    const key = here.key('id_rsa', type, 'a secret — ü', more)
    here.person.passphrases = ['wrong', 'a secret — ü']
    expect((await visit(here, key)).result).toBe('in')
    expect(here.person.passphraseRequests).toEqual([
      { keyName: '~/.ssh/id_rsa', isAgain: false },
      { keyName: '~/.ssh/id_rsa', isAgain: true },
    ])
    expect((await visit(here, key)).result).toBe('in')
    expect(here.person.passphraseRequests).toHaveLength(2)
  })

  it('requires no passphrase if the server does not accept it', async () => {
    const here = createSshClient()
    here.key('id_ed25519', 'ed25519', 'secret')
    here.key('id_ecdsa', 'ecdsa', 'secret', PEM)
    const rsa = here.key('id_rsa', 'rsa:2048')
    expect((await visit(here, rsa)).result).toBe('in')
    expect(here.person.passphraseRequests).toEqual([])
  })

  it('is offered last if its public half is unknown', async () => {
    const here = createSshClient()
    const locked = here.key('id_ecdsa', 'ecdsa', 'secret', PEM)
    rmSync(`${locked.file}.pub`)
    const other = here.key('id_rsa', 'rsa:2048')
    expect((await visit(here, other)).result).toBe('in')
    expect(here.person.passphraseRequests).toEqual([])
    here.person.passphrases = ['secret']
    expect((await visit(here, locked)).result).toBe('in')
  })

  it('stays encrypted if the user declines or enters three wrong passphrases', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'secret')
    const declined = { kind: 'passphrase-declined', keyName: '~/.ssh/id_ed25519' }
    expect((await visit(here, key)).result).toEqual(declined)
    expect(here.person.passphraseRequests).toHaveLength(1)
    here.person.passphrases = ['1', '2', '3', 'secret']
    expect((await visit(here, key)).result).toEqual(declined)
    expect(here.person.passphraseRequests).toHaveLength(4)
  })

  it('can take longer than the server waits, which is then called again', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'secret')
    const server = await startOpenSshForTest({ authorized: [key.publicLine] })
    const relay = await startRelay(server.port)
    here.person.requestPassphrase = async () => {
      await endPatience(server, relay)
      return 'secret'
    }
    captureShell(await here.connect(target(toEndpoint({ port: relay.port, username: server.username }))))
    await expect.poll(server.log).toMatch(/Timeout before authentication/)
    await expect.poll(() => server.log().match(/Connection from/g)).toHaveLength(2)
    expect(here.person.questions).toHaveLength(1)
  })

  it('stays encrypted if the prompt fails', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'secret')
    here.person.requestPassphrase = () => Promise.reject(new Error('aborted'))
    expect((await visit(here, key)).result).toMatchObject({ kind: 'passphrase-declined' })
    here.person.confirmHostKey = () => Promise.reject(new Error('aborted'))
    expect((await visit(here, key)).result).toEqual({ kind: 'host-key-declined' })
  })

  it('stays encrypted if its passphrase cannot be asked for, which is reported', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'secret')
    here.person.requestPassphrase = () => Promise.resolve({ notAsked: '10 questions are open.' })
    const notAsked = { kind: 'not-asked', message: '10 questions are open.' }
    expect((await visit(here, key)).result).toEqual(notAsked)
    here.person.requestPassphrase = () => Promise.resolve('secret')
    here.person.confirmHostKey = () => Promise.resolve({ notAsked: '10 questions are open.' })
    expect((await visit(here, key)).result).toEqual(notAsked)
  })

  it('does not leave its passphrase anywhere', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'canary-passphrase')
    here.person.passphrases = ['canary-passphrase']
    expect((await visit(here, key)).result).toBe('in')
    expect(readFileSync(here.hostKeyFile, 'utf8')).not.toMatch(/canary|id_ed25519/)
    expect(JSON.stringify(here.problems)).not.toContain('canary')
  })
})

describe('the SSH agent', () => {
  it('signs with its keys of every type', async () => {
    const agent = await startSshAgent()
    for (const type of ['ed25519', 'ecdsa', 'rsa:2048']) {
      const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
      const key = generateKeyPair(join(here.home, 'key'), type)
      agent.add(key.file)
      expect((await visit(here, key)).result).toBe('in')
    }
  })

  it('makes the passphrase of a key that it has unnecessary', async () => {
    const agent = await startSshAgent()
    const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
    const key = here.key()
    agent.add(key.file)
    makeSecret(key.file)
    expect((await visit(here, key)).result).toBe('in')
    expect(here.person.passphraseRequests).toEqual([])
  })

  it('has no effect if it is missing', async () => {
    const here = createSshClient({ env: { SSH_AUTH_SOCK: '/nowhere/agent' } })
    expect((await visit(here, here.key())).result).toBe('in')
  })

  it('is skipped if it exits before it signs', async () => {
    const agent = await startSshAgent()
    const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
    const inAgent = generateKeyPair(join(here.home, 'key'))
    agent.add(inAgent.file)
    const inFile = here.key()
    here.person.confirmHostKey = async () => {
      await agent.end()
      return true
    }
    expect((await visit(here, inAgent, inFile)).result).toBe('in')
    expect((await visit(here, inAgent)).result).toMatchObject({ kind: 'keys-refused' })
  })

  it('offers only the keys that the config specifies, if it limits them', async () => {
    const agent = await startSshAgent()
    const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
    const named = generateKeyPair(join(here.home, '.ssh/named'))
    const other = generateKeyPair(join(here.home, 'other'))
    agent.add(named.file)
    agent.add(other.file)
    writeFileSync(
      join(here.home, '.ssh/config'),
      'Host pod-*\n  IdentitiesOnly yes\n  IdentityFile ~/.ssh/named\n',
    )
    // As in ssh with `IdentitiesOnly`, default key files are ignored if the config names others.
    here.key()
    expect((await visit(here, other)).result).toMatchObject({
      kind: 'keys-refused',
      keyNames: ['~/.ssh/named'],
    })
    expect((await visit(here, named)).result).toBe('in')
  })
})

function makeSecret(file: string): void {
  const text = readFileSync(file, 'utf8')
  rmSync(file)
  rmSync(`${file}.pub`)
  const { publicLine } = generateKeyPair(file, 'ed25519', 'secret')
  // A different key, so that only the agent can have signed.
  expect(text).not.toBe(publicLine)
}

describe('an agent on Windows', () => {
  const find = (socket?: string) => agentPaths({ platform: 'win32', socket })

  it('is reached by the pipe that the environment specifies', () => {
    expect(find('\\\\.\\pipe\\mine')).toEqual(['\\\\.\\pipe\\mine'])
    expect(find('//./pipe/mine')).toEqual(['//./pipe/mine'])
  })

  it('is skipped if reaching it means running a program', () => {
    expect(find('/tmp/cygwin-agent')).toEqual([])
    expect(find()).toEqual([])
    for (const path of [
      'pageant',
      '/tmp/cygwin-agent',
      '\\\\evil\\pipe\\x',
      '//evil/share',
      '//./pipe/a/../b',
    ])
      expect(isAgentPath(path, 'win32')).toBe(false)
  })
})

test.each([
  ['\\\\evil\\share\\id_ed25519', true],
  ['//evil/share/id_ed25519', true],
  ['\\/evil/share', true],
  ['C:\\Users\\anna\\.ssh\\id_ed25519', false],
  ['/home/anna/.ssh/id_ed25519', false],
])('%s is on another computer for Windows: %s', (path, expected) => {
  expect(isNetworkPath(path, 'win32')).toBe(expected)
  expect(isNetworkPath(path, 'linux')).toBe(false)
})

test('a key file on another computer is not opened, and the reason is stated', () => {
  const locations = { home: 'C:\\Users\\anna', env: {}, platform: 'win32' as const, chosenFile: () => null }
  expect(readKeyFile('//evil/share/id_ed25519', 'chosen-file', locations)).toMatchObject({
    isUsable: false,
    access: null,
    problem: 'It is on another computer. Copy the key to this one to use it.',
  })
})

describe('an opened key', () => {
  it('leaves memory on request, so that its passphrase is asked for again, and its shell stays open', async () => {
    const here = createSshClient()
    const key = here.key('id_ed25519', 'ed25519', 'secret')
    const server = await startOpenSshForTest({ authorized: [key.publicLine] })
    const where = target(toEndpoint(server))
    here.person.passphrases = ['secret', 'secret']
    const first = captureShell(await here.connect(where))
    captureShell(await here.connect(where))
    expect(here.person.passphraseRequests).toHaveLength(1)
    here.ssh.closeKeys()
    captureShell(await here.connect(where))
    expect(here.person.passphraseRequests).toHaveLength(2)
    expect(first.end()).toBeNull()
  })
})

describe('~/.ssh/config', () => {
  it('names the keys of a host only for a proxy that the provider is known to use', async () => {
    const here = createSshClient()
    const key = generateKeyPair(join(here.home, '.ssh/bastion'))
    writeFileSync(join(here.home, '.ssh/config'), 'Host 127.0.0.1\n  IdentityFile ~/.ssh/bastion\n')
    const server = await startOpenSshForTest({ authorized: [key.publicLine] })
    const byProxy = (username: string) =>
      here.connect(target(null, { ssh: { direct: null, proxy: { ...toEndpoint(server), username } } }))
    // The API may name any host and user.
    expect(await byProxy('nobody')).toEqual({ ok: false, error: { kind: 'no-key' } })
    expect(await here.connect(target(toEndpoint(server)))).toEqual({ ok: false, error: { kind: 'no-key' } })
    expect(server.log()).not.toContain('Connection from')
    const answer = await byProxy(server.username)
    expect(answer.ok).toBe(true)
    if (answer.ok) answer.value.close()
  })

  it('specifies keys by host and by pod', async () => {
    const here = createSshClient()
    const key = generateKeyPair(join(here.home, '.ssh/special'))
    writeFileSync(join(here.home, '.ssh/config'), 'Host pod-*\n  IdentityFile ~/.ssh/special\n')
    expect((await visit(here, key)).result).toBe('in')
  })

  it('specifies keys in included files', async () => {
    const here = createSshClient()
    const key = generateKeyPair(join(here.home, '.ssh/special'))
    mkdirSync(join(here.home, '.ssh/config.d/more'), { recursive: true })
    writeFileSync(join(here.home, '.ssh/config'), 'Host pod-*\n  Include config.d/*.conf\n')
    writeFileSync(join(here.home, '.ssh/config.d/pods.conf'), 'Include ~/.ssh/config.d/more/keys\n')
    writeFileSync(join(here.home, '.ssh/config.d/more/keys'), 'IdentityFile ~/.ssh/special\n')
    expect((await visit(here, key)).result).toBe('in')
  })

  it('runs nothing', async () => {
    const here = createSshClient()
    const mark = join(here.home, 'ran')
    writeFileSync(
      join(here.home, '.ssh/config'),
      [
        `Match exec "touch ${mark}"`,
        '  IdentityFile ~/.ssh/never',
        `match EXEC "touch ${mark}"`,
        '  IdentityFile ~/.ssh/never',
        `Match host 127.0.0.1 exec "touch ${mark}"`,
        '  IdentityFile ~/.ssh/never',
        'Host *',
        `  ProxyCommand touch ${mark}`,
        `  LocalCommand touch ${mark}`,
        '  PermitLocalCommand yes',
      ].join('\n'),
    )
    expect((await visit(here, here.key())).result).toBe('in')
    expect(existsSync(mark)).toBe(false)
  })
})

describe('the chosen key file', () => {
  it('is tried first', async () => {
    const here = createSshClient({ chosenKeyFile: () => '~/keys/mine' })
    mkdirSync(join(here.home, 'keys'))
    const key = generateKeyPair(join(here.home, 'keys/mine'))
    here.key()
    const { result, server } = await visit(here, key)
    expect(result).toBe('in')
    expect(server.log()).not.toContain('Failed publickey')
  })

  it.each([
    ['PuTTY-User-Key-File-3: ssh-ed25519\n', 'PuTTY'],
    ['SHA256:Jz0wYXbyXx0ZuoDxU6g4s1nVvVnhTq1jTt4eQyCwkWk', 'fingerprint'],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA', 'public key'],
    ['-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n', 'PKCS #8'],
    ['hello', 'not a private key'],
    ['', 'empty'],
  ])('is reported clearly if it is not a key: %s', async (text, words) => {
    const here = createSshClient({ chosenKeyFile: () => '~/chosen' })
    writeFileSync(join(here.home, 'chosen'), text)
    const view = await here.ssh.getKeysView({}, target(null))
    expect(view.local).toMatchObject([{ source: 'chosen-file', problem: expect.stringContaining(words) }])
  })

  it('is reported if it is missing', async () => {
    const here = createSshClient({ chosenKeyFile: () => '/nowhere/key' })
    const view = await here.ssh.getKeysView({}, target(null))
    expect(view.local).toMatchObject([{ name: '/nowhere/key', problem: 'There is no such file.' }])
  })
})
