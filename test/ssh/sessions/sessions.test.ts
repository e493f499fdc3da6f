import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Terminal } from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import type { KeptSession, SessionRequest } from '../../../src/ssh/connection/ssh-shell'
import { startRelay } from '../../harness/ssh/openssh-for-test'
import {
  type CapturedShell,
  captureShell,
  createSshClient,
  target,
  toEndpoint,
} from '../../harness/ssh/ssh-client'
import { hasTmux, startTmuxPod } from '../../harness/ssh/tmux-pod'

/* Sessions of the real tmux, over a real OpenSSH server. */

const NAME = 'a1b2c3d4e5f60718'
const request: SessionRequest = { name: NAME, historyLines: 500, isExpected: false, endedNames: [] }
const size = { columns: 100, rows: 30 }

async function bench(tmuxOfPod: boolean | string = true) {
  const here = createSshClient()
  const pod = await startTmuxPod({ authorized: [here.key().publicLine] }, tmuxOfPod)
  const open = async (
    over: Partial<SessionRequest> = {},
    at = toEndpoint(pod.server),
  ): Promise<CapturedShell> =>
    captureShell(
      await here.ssh.openShell(target(at), size, here.person, new AbortController().signal, {
        ...request,
        ...over,
      }),
    )
  return { here, pod, open }
}

function keptIn({ shell }: CapturedShell): KeptSession {
  const { session } = shell
  if (session === undefined || session.kind === 'none')
    throw new Error(`not kept: ${JSON.stringify(session)}`)
  return session
}

describe.skipIf(!hasTmux)('a session on a pod', () => {
  test('a new one shows what a shell prints, from its first byte, in a terminal of the right size', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    expect(keptIn(shell).kind).toBe('created')
    await expect.poll(shell.text).toContain('ready$ ')
    shell.type('stty size; echo "[$TMUX$TMUX_PANE$TERM_PROGRAM] $TERM"; shopt login_shell\r')
    await expect.poll(shell.text).toMatch(/30 100\r\n\[\] xterm-256color\r\nlogin_shell +\ton/)
    shell.shell.resize({ columns: 90, rows: 20 })
    await expect.poll(() => pod.tmux('display', '-p', '#{window_width}x#{window_height}')).toBe('90x20')
    shell.type('stty size\r')
    await expect.poll(shell.text).toContain('20 90\r\n')
  })

  test('every byte passes unchanged in both directions', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))
    const file = join(pod.home, 'bytes')
    writeFileSync(file, bytes)
    const typed = join(pod.home, 'typed')
    shell.type(
      `PS1=; stty raw -echo; printf 'be''gin'; head -c 1024 > ${typed}; cat ${file}; printf 'fi''nish'\r`,
    )
    await expect.poll(shell.text).toContain('begin')
    shell.shell.write(bytes.subarray(0, 1024))
    await expect.poll(() => shell.bytes().includes('finish')).toBe(true)
    expect(readFileSync(typed).equals(bytes.subarray(0, 1024))).toBe(true)
    const all = shell.bytes()
    const received = all.subarray(all.indexOf('begin') + 5, all.indexOf('finish'))
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex')
    expect([received.length, digest(received)]).toEqual([bytes.length, digest(bytes)])
  })

  test('one that lost its connection is attached again, with all it printed meanwhile and its modes', async () => {
    const { open, pod } = await bench()
    const relay = await startRelay(pod.server.port)
    const at = { ...toEndpoint(pod.server), port: relay.port }
    const shell = await open({}, at)
    shell.type('echo before-$((1+1)); (sleep 0.3; echo meanwhile-$((1+1))) & cat\r')
    await expect.poll(shell.text).toContain('before-2')
    relay.cut()
    await expect.poll(shell.end).toMatchObject({ kind: 'lost' })
    await expect.poll(() => pod.tmux('capture-pane', '-p')).toContain('meanwhile-2')
    const again = await open({ isExpected: true })
    expect(keptIn(again).kind).toBe('attached')
    await expect.poll(again.text).toMatch(/before-2\r\n[^]*meanwhile-2\r\n/)
    again.type('still-the-same\r')
    await expect.poll(again.text).toMatch(/still-the-same\r\n[^]*still-the-same\r\n/)
    await expect.poll(() => pod.tmux('list-clients').split('\n')).toHaveLength(1)
  })

  test('says in which folder its program is, whatever it is called, or that it can’t tell', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    const kept = keptIn(shell)
    await expect.poll(shell.text).toContain('ready$ ')
    const names = ['plain', 'two words', `'quoted"`, '#{pane_id} #[fg=red] %H;%%', '🧪 émoji', '$(id)']
    const inside = (name: string): string => join(pod.home, 'in', name)
    for (const name of names) {
      mkdirSync(inside(name), { recursive: true })
      shell.type(`cd ${pod.home}/in/${`'${name.replaceAll("'", `'\\''`)}'`}\r`)
      await expect.poll(async () => kept.folder()).toBe(inside(name))
    }
    for (const name of ['back\\slash', 'line\nfeed']) {
      mkdirSync(inside(name))
      shell.type(`cd ${pod.home}/in/${name.slice(0, 4)}*\r`)
      await expect.poll(async () => kept.folder()).toBeNull()
    }
    shell.type(`cd /tmp; sh -c 'cd /usr; exec sleep 100'\r`)
    await expect.poll(async () => kept.folder()).toBe('/usr')
    shell.shell.close()
    await expect.poll(shell.end).not.toBeNull()
    expect(await kept.folder()).toBeNull()
  })

  test('one that is attached in another size is drawn in the size that the terminal has by then', async () => {
    const { here, open, pod } = await bench()
    const first = await open()
    first.type(`seq -f 'row %g' 1 100; cat\r`)
    await expect.poll(first.text).toContain('row 100\r\n')
    first.shell.close()
    const small = { columns: 60, rows: 8 }
    const opened = await here.ssh.openShell(
      target(toEndpoint(pod.server)),
      small,
      here.person,
      new AbortController().signal,
      { ...request, isExpected: true },
    )
    if (opened.ok) opened.value.resize(size)
    const again = captureShell(opened)
    await expect.poll(async () => (await drawn(again)).screen.slice(-2)).toEqual(['row 100', ''])
    again.type('here\r')
    await expect.poll(async () => (await drawn(again)).all.join('\n')).toMatch(/row 100\nhere\nhere\n/)
  })

  test.each([
    [3, [28, 30, 31, 45]],
    [200, [10, 28, 30, 31, 45]],
  ])('one with %d lines continues below them in a terminal of other heights', async (lines, heights) => {
    const { open } = await bench()
    const first = await open()
    first.type(`PS1=; clear; seq -f 'row %g' 1 ${lines}; printf 'last: '; cat\r`)
    await expect.poll(first.text).toContain(`row ${lines}\r\nlast: `)
    first.shell.close()
    const again = await open({ isExpected: true })
    again.type('here\r')
    await expect.poll(again.text).toMatch(/here\r\nhere\r\n$/)
    // As a window that was made larger or smaller while the screen was on its way.
    for (const rows of heights) {
      const { all, screen } = await drawn(again, rows)
      const text = all.join('\n').trimEnd()
      expect(text).toMatch(new RegExp(`(^|\n)row ${lines}\nlast: here\nhere$`))
      expect(text.match(/row/g)).toHaveLength(lines)
      expect(screen).toContain('here')
    }
  })

  test('a full-screen program, its cursor and its mouse come back, and behind it what was there before', async () => {
    const { open } = await bench()
    const shell = await open()
    shell.type(
      `seq -f 'row %g' 1 100; printf '\\033[?1049h\\033[?1002;1006h\\033[5;10Hfull \\033(0lqk\\033(B\\033[?25l'; cat\r`,
    )
    await expect.poll(shell.text).toContain('\x1b[?25l')
    shell.shell.close()
    const again = await open({ isExpected: true })
    await expect.poll(async () => (await drawn(again)).screen[4]).toBe('         full ┌─┐')
    await expect.poll(again.text).toContain('\x1b[?1002h\x1b[?1006h\x1b[?25l')
    again.type('\x03')
    await expect.poll(again.text).toMatch(/\^C[^]*ready\$ $/)
    again.type("printf '\\033[?1049l'\r")
    await expect
      .poll(async () => (await drawn(again)).all.join('\n'))
      .toMatch(/row 1\nrow 2\n[^]*row 99\nrow 100\n/)
  })

  test('a terminal that tmux left behind catches up', async () => {
    const { open, pod } = await bench()
    const shell = await open()
    await expect.poll(shell.text).toContain('ready$ ')
    shell.shell.pause()
    shell.type(`seq -f 'a line with the number %g' 1 3000\r`)
    await expect.poll(() => pod.tmux('display-message', '-p', '#{history_size}')).not.toBe('0')
    pod.tmux('refresh-client', '-t', pod.tmux('list-clients', '-F', '#{client_name}'), '-A', '%0:pause')
    shell.type('echo after-$((1+1))\r')
    await expect.poll(() => pod.tmux('capture-pane', '-p')).toContain('after-2')
    expect(shell.text()).not.toContain('after-2')
    shell.shell.resume()
    await expect
      .poll(async () => (await drawn(shell)).all.join('\n'))
      .toMatch(/number 2999\n[^]*number 3000\n[^]*after-2/)
    shell.type('echo live-$((1+1))\r')
    await expect.poll(shell.text).toContain('live-2')
  })

  test('a program continues that its connection held up when it broke', async () => {
    const { open, pod } = await bench()
    const count = join(pod.home, 'count')
    writeFileSync(count, '')
    const shell = await open()
    shell.type(`l=$(printf %08000d 0); while :; do echo "$l"; echo >> ${count}; done\r`)
    shell.shell.pause()
    await expect.poll(() => readFileSync(count).length).toBeGreaterThan(0)
    shell.shell.close()
    await expect.poll(() => pod.tmux('list-clients')).toBe('')
    const before = readFileSync(count).length
    await expect.poll(() => readFileSync(count).length).toBeGreaterThan(before)
  })

  test('the end of its shell is distinguished from a session that was taken away or continues', async () => {
    const { open, pod } = await bench()
    const first = await open()
    first.type('exit 3\r')
    await expect.poll(first.end).toEqual({ kind: 'exited', code: null, signal: null })
    const second = await open()
    expect(keptIn(second).kind).toBe('created')
    pod.tmux('detach-client', '-s', NAME)
    await expect.poll(second.end).toMatchObject({ kind: 'lost' })
    const third = await open({ isExpected: true })
    expect(keptIn(third).kind).toBe('attached')
    expect(await keptIn(third).end()).toBe(true)
    expect(third.end()).toMatchObject({ kind: 'exited' })
    expect(pod.sessions()).toEqual([])
  })

  test('sessions that are no longer wanted end with the next connection, and no others do', async () => {
    const { open, pod } = await bench()
    await open({ name: 'unwanted1' })
    await open({ name: 'wanted123' })
    await open({ endedNames: ['unwanted1'] })
    expect([...pod.sessions()].sort()).toEqual([NAME, 'wanted123'])
  })

  test("the user's own tmux is another one, also inside of a session", async () => {
    const { open, pod } = await bench()
    const shell = await open()
    writeFileSync(join(pod.home, '.tmux.conf'), 'set -g status-left "own "\n')
    shell.type('tmux new-session -s mine\r')
    await expect.poll(shell.text).toContain('own ')
    shell.type("tmux list-sessions -F 'has #{session_name}'\r")
    await expect.poll(shell.text).toContain('has mine')
    expect(shell.text()).not.toContain(`has ${NAME}`)
    expect(pod.sessions()).toEqual([NAME])
    expect(pod.tmux('show-options', '-gv', 'status')).toBe('off')
    shell.type('\x02d')
    await expect.poll(shell.text).toContain('[detached (from session mine)]')
    shell.type('tmux kill-server; echo killed-$((1+1))\r')
    await expect.poll(shell.text).toContain('killed-2')
  })

  test('names the program in the foreground', async () => {
    const { open } = await bench()
    const shell = await open()
    const names: string[] = []
    keptIn(shell).onCommand((name) => names.push(name))
    await expect.poll(() => names.at(-1), { timeout: 60_000 }).toBe('bash')
    shell.type('sleep 100\r')
    await expect.poll(() => names.at(-1), { timeout: 60_000 }).toBe('sleep')
  })
})

describe('a pod that keeps no sessions', () => {
  test('opens a plain shell and says with which command tmux is installed', async () => {
    const { open } = await bench(false)
    const shell = await open()
    expect(shell.shell.session).toEqual({
      kind: 'none',
      reason: 'absent',
      installCommand: 'apt-get update && apt-get install -y tmux',
    })
    shell.type('echo plain-$((1+1))\r')
    await expect.poll(shell.text).toContain('plain-2')
  })

  // It says that it is tmux, and that there is no session.
  const fake = (control: string): string =>
    `case "$*" in *-V) echo tmux 3.4;; *has-session*|*list-clients*) exit 1;; *-C*) ${control};; esac`

  test.each([
    ['never ends a line', `yes x | tr -d '\\n'`],
    ['says nothing and ends', 'true'],
    ['can’t start a session', 'echo "%begin 1 1 0"; echo no; echo "%error 1 1 0"; echo "%exit"'],
    [
      'names no pane',
      'echo "%session-changed x"; while read -r l; do echo "%begin 1 1 1"; echo no; echo "%end 1 1 1"; done',
    ],
  ])('a tmux that %s is given up, and a plain shell opens', async (_, control) => {
    const { open } = await bench(fake(control))
    const shell = await open()
    expect(shell.shell.session).toMatchObject({ kind: 'none', reason: 'failed' })
    shell.type('echo plain-$((1+1))\r')
    await expect.poll(shell.text).toContain('plain-2')
  })

  test.each([
    ['a session was before', true, 2],
    ['none was', false, 1],
  ])('where %s, a new one has its tries before a plain shell opens', async (_, isExpected, tries) => {
    const { here, pod } = await bench(fake('echo x >> "$HOME/starts"'))
    const opened = await here.ssh.openShell(
      target(toEndpoint(pod.server)),
      size,
      here.person,
      new AbortController().signal,
      { ...request, isExpected },
    )
    expect(captureShell(opened).shell.session).toMatchObject({ kind: 'none', reason: 'failed' })
    expect(readFileSync(join(pod.home, 'starts'), 'utf8')).toBe('x\n'.repeat(tries))
  })

  test('where a tmux doesn’t hand over the session that it has, nothing else opens', async () => {
    const { here, pod } = await bench(fake('true').replace('*has-session*', '*none*'))
    const opened = await here.ssh.openShell(
      target(toEndpoint(pod.server)),
      size,
      here.person,
      new AbortController().signal,
      { ...request, isExpected: true },
    )
    expect(opened).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
  })

  test('a server that runs something of its own is left alone', async () => {
    const here = createSshClient()
    const config = ['ForceCommand exec bash --noprofile --norc -i']
    const { server } = await startTmuxPod({ authorized: [here.key().publicLine], config })
    const opened = await here.ssh.openShell(
      target(toEndpoint(server)),
      size,
      here.person,
      new AbortController().signal,
      request,
    )
    expect(captureShell(opened).shell.session).toMatchObject({ kind: 'none', reason: 'forced-command' })
  })

  test.skipIf(!hasTmux)('where tmux can’t start, a plain shell opens', async () => {
    const here = createSshClient()
    const pod = await startTmuxPod({ authorized: [here.key().publicLine] })
    rmSync(join(pod.home, 'sockets'), { recursive: true })
    writeFileSync(join(pod.home, 'sockets'), '')
    const shell = captureShell(await here.connect(target(toEndpoint(pod.server))))
    expect(shell.shell.session).toBeUndefined()
    const opened = await here.ssh.openShell(
      target(toEndpoint(pod.server)),
      size,
      here.person,
      new AbortController().signal,
      request,
    )
    expect(captureShell(opened).shell.session).toMatchObject({ kind: 'none', reason: 'failed' })
  })
})

/** What a terminal without a window draws of it. */
async function drawn(
  shell: CapturedShell,
  rows = size.rows,
): Promise<{ readonly screen: string[]; readonly all: string[] }> {
  const terminal = new Terminal({ cols: size.columns, rows, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(shell.bytes(), resolve))
  const { active } = terminal.buffer
  const all = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  )
  return { screen: all.slice(active.baseY), all }
}
