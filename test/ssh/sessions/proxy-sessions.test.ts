import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import { endSessions } from '../../../src/ssh/sessions/end-session'
import type { SessionRequest, SshTarget } from '../../../src/ssh/connection/ssh-shell'
import { startRelay } from '../../harness/ssh/openssh-for-test'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { hasTmux, SHELL_ONLY, startTmuxPod } from '../../harness/ssh/tmux-pod'

/* Sessions of the real tmux through a server that offers, as Runpod's proxy does, a terminal's shell and nothing else. */

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

const NAME = 'a1b2c3d4e5f60718'
const size = { columns: 100, rows: 30 }
const through = (proxy: SshEndpoint): SshTarget => ({ ...target(null), ssh: { direct: null, proxy } })

async function bench(tmuxOfPod: boolean | string = true, command = SHELL_ONLY) {
  const here = createSshClient()
  const pod = await startTmuxPod({ authorized: [here.key().publicLine], config: [command] }, tmuxOfPod)
  const relay = await startRelay(pod.server.port)
  const proxy = { ...toEndpoint(pod.server), port: relay.port }
  const request: SessionRequest = { name: NAME, historyLines: 500, isExpected: false, endedNames: [] }
  const tryOpen = (over: Partial<SessionRequest> = {}, at = through(proxy)) =>
    here.ssh.openShell(at, size, here.person, new AbortController().signal, { ...request, ...over })
  const open = async (over: Partial<SessionRequest> = {}, at = through(proxy)) =>
    captureShell(await tryOpen(over, at))
  return { here, pod, relay, proxy, open, tryOpen }
}

describe.skipIf(!hasTmux)('a session through a proxy', () => {
  test('shows what its shell prints and nothing of what was typed to start it', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    expect(shell.shell.server.route).toBe('proxy')
    expect(shell.shell.session).toMatchObject({ kind: 'created' })
    await poll(shell.text).toContain('ready$ ')
    expect(shell.text()).not.toMatch(/HISTFILE|tmux|while/)
    shell.type('stty size; echo "[$TMUX] $TERM"\r')
    await poll(shell.text).toMatch(/30 100\r\n\[\] xterm-256color\r\n/)
    shell.shell.resize({ columns: 90, rows: 20 })
    await poll(() => pod.tmux('display', '-p', '#{window_width}x#{window_height}')).toBe('90x20')
    expect(pod.sessions()).toEqual([NAME])
  })

  test('passes every byte unchanged in both directions', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))
    const [file, typed] = [join(pod.home, 'bytes'), join(pod.home, 'typed')]
    writeFileSync(file, bytes)
    shell.type(
      `PS1=; stty raw -echo; printf 'be''gin'; head -c 1024 > ${typed}; cat ${file}; printf 'fi''nish'\r`,
    )
    await poll(shell.text).toContain('begin')
    shell.shell.write(bytes.subarray(0, 1024))
    await poll(() => shell.bytes().includes('finish')).toBe(true)
    expect(readFileSync(typed).equals(bytes.subarray(0, 1024))).toBe(true)
    const all = shell.bytes()
    const received = all.subarray(all.indexOf('begin') + 5, all.indexOf('finish'))
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex')
    expect([received.length, digest(received)]).toEqual([bytes.length, digest(bytes)])
  })

  test('outlives its connection, is the same by another way to the pod, and ends when it is closed', async () => {
    const { open, pod, relay } = await bench()
    const first = await open()
    first.type('here=kept; (sleep 0.3; echo meanwhile-$((1+1))) & \r')
    // It has arrived once it is echoed.
    await poll(first.text).toContain('here=kept')
    relay.cut()
    await poll(first.end).toMatchObject({ kind: 'lost' })
    await poll(() => pod.tmux('capture-pane', '-p')).toContain('meanwhile-2')
    const again = await open({ isExpected: true })
    const { session } = again.shell
    if (session?.kind !== 'attached') throw new Error('not attached')
    await poll(again.text).toMatch(/meanwhile-2/)
    again.type('cd /usr; echo still-$here\r')
    await poll(again.text).toContain('still-kept')
    await poll(async () => session.folder()).toBe('/usr')
    await poll(() => pod.tmux('list-clients').split('\n')).toHaveLength(1)
    again.type('exit\r')
    await poll(again.end).toMatchObject({ kind: 'exited' })
    expect(pod.sessions()).toEqual([])

    const third = await open()
    if (third.shell.session?.kind !== 'created') throw new Error('not created')
    expect(await third.shell.session.end()).toBe(true)
    expect(pod.sessions()).toEqual([])
  })

  test('can be ended without a terminal, and with the next connection', async () => {
    const { here, open, pod, proxy } = await bench()
    ;(await open()).shell.close()
    await poll(() => pod.sessions()).toEqual([NAME])
    expect(await endSessions(here.ssh.runCommand, through(proxy), [NAME])).toBe(true)
    expect(pod.sessions()).toEqual([])
    ;(await open()).shell.close()
    await open({ name: 'b1b2c3d4e5f60718', endedNames: [NAME] })
    await poll(() => pod.sessions()).toEqual(['b1b2c3d4e5f60718'])
  })
})

describe('a shell through a proxy', () => {
  test('is a plain one without tmux, and knows what would install it', async () => {
    const { open } = await bench(false)
    const shell = await open()
    expect(shell.shell.session).toMatchObject({ kind: 'none', reason: 'absent' })
    await poll(shell.text).toContain('ready$ ')
    expect(shell.text()).not.toContain('HISTFILE')
    shell.type('echo plain-$((1+1))\r')
    await poll(shell.text).toContain('plain-2')
  })

  test('is a plain one where tmux doesn’t start', async () => {
    const { open } = await bench('[ "$1" = -V ] && echo "tmux 3.4"; exit 1')
    const shell = await open()
    expect(shell.shell.session).toMatchObject({ kind: 'none', reason: 'failed' })
    await poll(shell.text).toContain('ready$ ')
  })

  test('is a plain one where nothing can be typed into a shell, unless a session may still be there', async () => {
    const { open, tryOpen } = await bench(true, 'ForceCommand cat')
    const expected = tryOpen({ isExpected: true })
    const shell = await open()
    expect(shell.shell.session).toMatchObject({ kind: 'none', reason: 'proxy' })
    shell.type('echoed\r')
    await poll(shell.text).toMatch(/echoed\r\n[^]*echoed/)
    expect(await expected).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
  })

  test('is a plain one on a simulated pod, which runs no scripts', async () => {
    const { simulator } = await startSimulator({
      pods: [{ id: 'p', name: 'llama', mode: 'training' }],
      ssh: 'any-key',
    })
    const { open } = await bench()
    const { proxy } = simulator.pod('p')['ssh'] as unknown as { proxy: SshEndpoint }
    const shell = await open({}, through(proxy))
    expect(shell.shell.session).toMatchObject({ kind: 'none', reason: 'proxy' })
    await poll(shell.text).toContain('/workspace')
    shell.type('exit 7\r')
    await poll(shell.end).toEqual({ kind: 'exited', code: 7, signal: null })
  })
})
