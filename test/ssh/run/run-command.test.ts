import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import {
  startOpenSshForTest,
  startRelay,
  startSshAgent,
  tempFolder,
} from '../../harness/ssh/openssh-for-test'
import { byRoute, startTrustedServer, textOf } from '../../harness/cli/trusted-server'
import { measureRunningTime } from '../../harness/base/running-time'
import { captureShell, createSshClient } from '../../harness/ssh/ssh-client'
import { freePort } from '../../harness/base/free-port'

const forever = new AbortController().signal
const echo = { script: 'echo ran', limitMs: 60_000 }

describe('a command on a direct connection', () => {
  it('has an exit code and both of its outputs', async () => {
    const { run } = await startTrustedServer('direct')
    const result = await run('echo out-$((40+2))\necho err >&2\nexit 3')
    expect(result).toMatchObject({ ok: true, value: { exitCode: 3, isCutOff: false, route: 'direct' } })
    expect(textOf(result)).toBe('out-42\nerr\n')
  })

  it('has every byte of its output unchanged', async () => {
    const { run } = await startTrustedServer('direct')
    const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256))
    const file = join(tempFolder('bytes'), 'bytes')
    writeFileSync(file, bytes)
    const result = await run(`cat ${file}`)
    expect(result.ok && result.value.bytes.equals(bytes)).toBe(true)
  })

  it('has no output of the startup files around it', async () => {
    const config = ['ForceCommand echo hello; echo "<0:begin>"; sh; echo bye']
    const { run } = await startTrustedServer('direct', { config })
    expect(textOf(await run('printf x'))).toBe('x')
  })

  it('has no errors in its output that the server or startup files print meanwhile', async () => {
    const config = ['ForceCommand (sleep 0.3; echo noise >&2) & exec sh']
    const { run } = await startTrustedServer('direct', { config })
    expect(textOf(await run('echo a; sleep 0.7; echo b >&2'))).toBe('a\nb\n')
  })

  it('is not confused by markers that the output contains', async () => {
    const { run } = await startTrustedServer('direct')
    const fake = 'printf "<%s:begin>\\n<%s:end 0>\\n" 000000000000000000000000 ""\nexit 5'
    const result = await run(fake)
    expect(result).toMatchObject({ ok: true, value: { exitCode: 5 } })
    expect(textOf(result)).toBe('<000000000000000000000000:begin>\n<:end 0>\n')
  })

  it('is cut off after 256 KiB, and then the connection ends', async () => {
    const { run, server } = await startTrustedServer('direct')
    const result = await run('while echo 0123456789012345678901234567890123456789; do :; done')
    expect(result).toMatchObject({ ok: true, value: { exitCode: null, isCutOff: true } })
    expect(textOf(result)).toHaveLength(256 * 1024)
    await expect.poll(server.log).toMatch(/Received disconnect|Connection closed by/)
  })

  it('is cut off after 256 KiB even if it ended on its own', async () => {
    const { run } = await startTrustedServer('direct')
    const result = await run('head -c 270000 /dev/zero; exit 6')
    expect(result).toMatchObject({ ok: true, value: { exitCode: 6, isCutOff: true } })
    expect(textOf(result)).toHaveLength(256 * 1024)
  })

  it('ends with its limit', async () => {
    const { run } = await startTrustedServer('direct')
    const runningMs = measureRunningTime()
    const result = await run('echo begun\nsleep 20', 1_500)
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'timed-out', reason: 'it took longer than 2 s' },
    })
    expect(runningMs()).toBeLessThan(10_000)
  })

  it('ends with its limit if the connection is silent', async () => {
    const { here, server } = await startTrustedServer('direct')
    const relay = await startRelay(server.port)
    const at = byRoute('direct', relay.port, server.username)
    const folder = tempFolder('silent')
    const script = `: > ${folder}/begun\nwhile [ -d ${folder} ] && [ ! -e ${folder}/go ]; do sleep 0.1; done\necho late`
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const running = here.ssh.runCommand(at, { script, limitMs: 600_000 }, forever)
    await expect.poll(() => existsSync(join(folder, 'begun'))).toBe(true)
    relay.freeze()
    const before = relay.forwardedBytes()
    writeFileSync(join(folder, 'go'), '')
    await expect.poll(relay.forwardedBytes).toBeGreaterThan(before)
    vi.advanceTimersByTime(600_000)
    expect(await running).toMatchObject({ ok: false, error: { kind: 'timed-out' } })
  })

  it('ends with its limit if a server says nothing at all', async () => {
    const { here } = await startTrustedServer('direct')
    const silent = createServer((socket) => socket.on('error', () => {}))
    const port = await freePort()
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const at = byRoute('direct', port, 'root')
    expect(await here.ssh.runCommand(at, { script: ':', limitMs: 700 }, forever)).toMatchObject({
      ok: false,
      error: { kind: 'timed-out' },
    })
  })

  it('can be canceled', async () => {
    const { run, server } = await startTrustedServer('direct')
    const controller = new AbortController()
    const running = run('sleep 20', 60_000, controller.signal)
    await expect.poll(server.log).toContain('Starting session: command')
    controller.abort()
    expect(await running).toMatchObject({ ok: false, error: { kind: 'aborted' } })
    expect(await run('echo ran', 60_000, controller.signal)).toMatchObject({ error: { kind: 'aborted' } })
  })

  it('that loses its connection fails with the reason', async () => {
    const { here, server } = await startTrustedServer('direct')
    const relay = await startRelay(server.port)
    const at = byRoute('direct', relay.port, server.username)
    const folder = tempFolder('lost')
    const script = `: > ${folder}/begun\nsleep 20`
    const running = here.ssh.runCommand(at, { script, limitMs: 60_000 }, forever)
    await expect.poll(() => existsSync(join(folder, 'begun'))).toBe(true)
    relay.cut()
    expect(await running).toMatchObject({ ok: false, error: { kind: 'connection-lost' } })
  })
})

describe('a command', () => {
  /** A server that notes in a file that something was run. */
  async function watchedServer() {
    const here = createSshClient()
    const note = join(tempFolder('note'), 'ran')
    const server = await startOpenSshForTest({
      authorized: [here.key().publicLine],
      config: [`ForceCommand touch ${note}; exec sh`],
    })
    return { here, server, hasRun: () => existsSync(note) || server.log().includes('Starting session') }
  }

  it.each(['direct', 'proxy'] as const)(
    'is never run by the %s route over a host key that nobody has trusted yet',
    async (route) => {
      const { here, server, hasRun } = await watchedServer()
      const at = byRoute(route, server.port, server.username)
      expect(await here.ssh.runCommand(at, echo, forever)).toEqual({
        ok: false,
        error: { kind: 'host-key-untrusted', reason: "its host key isn't trusted yet" },
      })
      expect(here.person.questions).toEqual([])
      // Nothing that says who connects was sent.
      expect(server.attempts()).toBe(0)
      expect(hasRun()).toBe(false)
      expect(existsSync(here.hostKeyFile)).toBe(false)
    },
  )

  it('is never run over a host key that changed', async () => {
    const { here, server, hasRun } = await watchedServer()
    const other = await startOpenSshForTest({ authorized: [] })
    await here.connect(byRoute('direct', other.port, server.username))
    const at = byRoute('direct', server.port, server.username)
    expect(await here.ssh.runCommand(at, echo, forever)).toMatchObject({
      ok: false,
      error: { kind: 'host-key-changed' },
    })
    expect([server.attempts(), hasRun()]).toEqual([0, false])
  })

  it('is never run over a host key that changed with a restart of the pod', async () => {
    const { here, server, hasRun } = await watchedServer()
    const other = await startOpenSshForTest({ authorized: [] })
    await here.connect({ ...byRoute('direct', other.port, server.username), startedAtMs: 1_000 })
    const at = { ...byRoute('direct', server.port, server.username), startedAtMs: 2_000 }
    expect(await here.ssh.runCommand(at, echo, forever)).toEqual({
      ok: false,
      error: { kind: 'host-key-changed', reason: 'its host key changed when it was restarted' },
    })
    expect([server.attempts(), hasRun()]).toEqual([0, false])
  })

  it('asks for no passphrase, and uses a key once a terminal has opened it', async () => {
    const here = createSshClient()
    const { publicLine } = here.key('id_ed25519', 'ed25519', 'secret')
    const server = await startOpenSshForTest({ authorized: [publicLine] })
    const at = byRoute('direct', server.port, server.username)
    expect(await here.ssh.runCommand(at, echo, forever)).toMatchObject({ error: { kind: 'key-locked' } })
    expect(here.person.passphraseRequests).toEqual([])
    here.person.passphrases = ['secret']
    captureShell(await here.connect(at)).shell.close()
    expect(textOf(await here.ssh.runCommand(at, echo, forever))).toBe('ran\n')
    expect(here.person.passphraseRequests).toHaveLength(1)
  })

  it('misses the passphrase of a registered key only', async () => {
    const here = createSshClient()
    const { publicLine } = here.key('id_ed25519', 'ed25519', 'secret')
    const server = await startOpenSshForTest({ authorized: [publicLine] })
    const at = byRoute('direct', server.port, server.username)
    const runWith = async (...registered: readonly string[]) => {
      await here.ssh.getKeysView({ readSshKeys: () => Promise.resolve(ok(registered)) }, at)
      return here.ssh.runCommand(at, echo, forever)
    }
    expect(await runWith()).toMatchObject({ error: { kind: 'no-key' } })
    expect(await runWith(publicLine)).toMatchObject({ error: { kind: 'key-locked' } })
    expect(server.log()).not.toContain('Connection from')
  })

  it('leaves out a key with a passphrase and uses another one', async () => {
    const { here, run } = await startTrustedServer('direct')
    here.key('id_rsa', 'rsa:2048', 'secret')
    here.key('id_ecdsa', 'ecdsa', 'secret')
    expect(textOf(await run('echo ran'))).toBe('ran\n')
  })

  it('uses a key of an agent', async () => {
    const agent = await startSshAgent()
    const here = createSshClient({ env: { SSH_AUTH_SOCK: agent.socket } })
    const { file, publicLine } = here.key('elsewhere')
    agent.add(file)
    const server = await startOpenSshForTest({ authorized: [publicLine] })
    const at = byRoute('direct', server.port, server.username)
    captureShell(await here.connect(at)).shell.close()
    expect(textOf(await here.ssh.runCommand(at, echo, forever))).toBe('ran\n')
  })

  it('says why it cannot be run', async () => {
    const { here, server } = await startTrustedServer('direct')
    const nowhere = byRoute('direct', await freePort(), server.username)
    expect(await here.ssh.runCommand(nowhere, echo, forever)).toMatchObject({
      error: { kind: 'unreachable', reason: expect.stringContaining('refused the connection)') },
    })
    const without = { ...nowhere, ssh: { direct: null, proxy: null } }
    expect(await here.ssh.runCommand(without, echo, forever)).toMatchObject({ error: { kind: 'no-route' } })
    const keyless = createSshClient()
    expect(await keyless.ssh.runCommand(nowhere, echo, forever)).toMatchObject({ error: { kind: 'no-key' } })
    const stranger = createSshClient()
    stranger.key()
    await stranger.connect(byRoute('direct', server.port, server.username))
    expect(
      await stranger.ssh.runCommand(byRoute('direct', server.port, server.username), echo, forever),
    ).toMatchObject({ error: { kind: 'keys-refused' } })
  })

  it('cannot contain what a terminal would interpret', async () => {
    const { run } = await startTrustedServer('direct')
    await expect(run('echo \u0003')).rejects.toThrow(RangeError)
  })
})

describe('a command typed into the shell of a proxy', () => {
  /** A user who gets this interactive shell, and nothing else. */
  const shell = (command: string) => ({ config: [`ForceCommand ${command}`] })

  it.each([
    ['bash', 'exec bash --noprofile --norc -i'],
    [
      'bash with a greeting and a colored prompt',
      "echo Welcome; PS1='\\[\\e[1;32m\\]\\u:\\w\\[\\e[0m\\]# ' exec bash --noprofile --norc -i",
    ],
    ['bash that starts slowly', 'echo Starting; sleep 1; exec bash --noprofile --norc -i'],
    ['dash', 'exec dash -i'],
    ['bash without line editing', 'exec bash --noprofile --norc --noediting -i'],
  ])('has its output and exit code in %s', async (_, command) => {
    const { run } = await startTrustedServer('proxy', shell(command))
    const result = await run('echo one\necho "two  \\\\ $((1+1))" >&2\nexit 4')
    expect(result).toMatchObject({ ok: true, value: { exitCode: 4, isCutOff: false, route: 'proxy' } })
    expect(textOf(result)).toBe('one\ntwo  \\ 2\n')
  })

  it.runIf(existsSync('/usr/bin/busybox'))('has its output and exit code in busybox ash', async () => {
    const { run } = await startTrustedServer('proxy', shell('exec busybox ash -i'))
    expect(textOf(await run('echo one\necho two'))).toBe('one\ntwo\n')
  })

  it('works without stty, which some images lack', async () => {
    const folder = tempFolder('path')
    const link = `ln -sf /bin/sh ${folder}/sh; PATH=${folder} exec /bin/bash --noprofile --norc -i`
    const { run } = await startTrustedServer('proxy', shell(link))
    expect(textOf(await run('echo one\necho two')).replaceAll('\r', '')).toBe('one\ntwo\n')
  })

  it('is typed again if a program swallowed the first line', async () => {
    const { run } = await startTrustedServer('proxy', shell('echo "Press Enter"; read x; exec dash -i'))
    expect(textOf(await run('echo ran'))).toBe('ran\n')
  })

  it('leaves nothing in the history of the shell', async () => {
    const history = join(tempFolder('history'), 'history')
    const command = `HISTFILE=${history} exec bash --noprofile --norc -i`
    const { here, where, run } = await startTrustedServer('proxy', shell(command))
    expect(textOf(await run('echo secret-word'))).toBe('secret-word\n')
    // A person's own commands are written there.
    const screen = captureShell(await here.connect(where))
    screen.type('echo typed-by-hand; exit\n')
    await expect.poll(screen.end).not.toBeNull()
    expect(readFileSync(history, 'utf8')).toBe('echo typed-by-hand; exit\n')
  })

  it('fails if the shell prints without end', async () => {
    // It ends with the terminal, also where SIGHUP is ignored.
    const { run } = await startTrustedServer('proxy', shell('while echo "<x:begin>"; do :; done'))
    expect(await run('echo ran')).toMatchObject({ ok: false, error: { kind: 'no-answer' } })
  })

  it('fails within its limit if the shell never answers', async () => {
    const { run } = await startTrustedServer('proxy', shell('exec sleep 1000'))
    expect(await run('echo ran', 5_000)).toMatchObject({ ok: false, error: { kind: 'timed-out' } })
  })

  it('fails if the shell ends at once', async () => {
    const { run } = await startTrustedServer('proxy', shell('exit 1'))
    expect(await run('echo ran')).toMatchObject({ ok: false, error: { kind: 'connection-lost' } })
  })
})
