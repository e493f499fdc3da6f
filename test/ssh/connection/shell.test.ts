import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sshTiming } from '../../../src/ssh/connection/connect'
import { startOpenSshForTest, startRelay } from '../../harness/ssh/openssh-for-test'
import { measureRunningTime } from '../../harness/base/running-time'
import {
  type CapturedShell,
  captureShell,
  createSshClient,
  target,
  toEndpoint,
} from '../../harness/ssh/ssh-client'

/** A user with a key, a server that accepts it, and a shell on it. */
async function inside(options: Parameters<typeof createSshClient>[0] = {}, config: readonly string[] = []) {
  const here = createSshClient(options)
  const server = await startOpenSshForTest({ authorized: [here.key().publicLine], config })
  const relay = await startRelay(server.port)
  const where = target(toEndpoint({ ...server, port: relay.port }))
  const screen = captureShell(await here.connect(where))
  return { here, server, relay, where, screen }
}

/** The output after the last "begin". Compared by hash, so that a difference of 20 MB is not printed. */
function countOfX(screen: CapturedShell): { count: number; tail: string } {
  const tail = (screen.text().split('begin').at(-1) ?? '').replace(/^x*/, '')
  const all = screen.text()
  return {
    count: all.length - all.lastIndexOf('begin') - 'begin'.length - tail.length,
    tail: tail.slice(0, 80),
  }
}

describe('a shell on a pod', () => {
  it('opens with a key of this computer once the user accepts the host key', async () => {
    const { here, screen } = await inside()
    screen.type('echo hi-$((40+2)); exit 3\n')
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 3, signal: null })
    expect(screen.text()).toContain('hi-42')
    expect(here.person.questions).toHaveLength(1)
    expect(here.person.steps).toEqual(['reaching', 'checking-host-key', 'signing-in', 'opening-shell'])
    expect(here.problems).toEqual([])
  })

  it('has its initial size and then follows its window', async () => {
    const { screen } = await inside()
    screen.type('stty size\n')
    await expect.poll(screen.text).toContain('30 100')
    screen.shell.resize({ columns: 77, rows: 11 })
    screen.type('stty size\n')
    await expect.poll(screen.text).toContain('11 77')
  })

  it('passes on every output byte unchanged', async () => {
    const { here, screen } = await inside()
    const bytes = Buffer.concat([
      Buffer.from('ä€😀\u202e'),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    ])
    writeFileSync(join(here.home, 'bytes'), bytes)
    screen.type(`stty raw -echo; printf begin; cat ${here.home}/bytes; printf end; exit\n`)
    await expect.poll(screen.end).not.toBeNull()
    const all = screen.bytes()
    // The first "begin" is the echo of what was typed.
    const from = all.lastIndexOf('begin') + 'begin'.length
    expect(all.subarray(from, from + bytes.length)).toEqual(bytes)
  })

  it('passes on every input byte unchanged', async () => {
    const { here, screen } = await inside()
    const bytes = Buffer.from('ä€😀\u0000\u0003\u001b[200~x\r\n\u0004'.repeat(200))
    const file = join(here.home, 'typed')
    screen.type(
      `stty raw -echo; printf ready-$((40+2)); head -c ${bytes.length} > ${file}; sha256sum < ${file}; exit\n`,
    )
    await expect.poll(screen.text).toMatch(/ready-42$/)
    screen.shell.write(bytes)
    await expect.poll(screen.end).not.toBeNull()
    expect(screen.text()).toContain(createHash('sha256').update(bytes).digest('hex'))
  })

  it('loses nothing of 20 MB of output', async () => {
    const { screen } = await inside()
    screen.type("stty raw -echo; printf begin; head -c 20000000 /dev/zero | tr '\\0' x; printf end; exit\n")
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 0, signal: null })
    expect(countOfX(screen)).toEqual({ count: 20_000_000, tail: expect.stringMatching(/^end/) })
  })

  it('continues after rekeying without asking again', async () => {
    const { here, server, screen } = await inside({}, ['RekeyLimit 500K'])
    screen.type("stty raw -echo; printf begin; head -c 5000000 /dev/zero | tr '\\0' x; printf end; exit\n")
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 0, signal: null })
    expect(countOfX(screen)).toEqual({ count: 5_000_000, tail: expect.stringMatching(/^end/) })
    expect(server.log().match(/rekey/gi)?.length).toBeGreaterThan(3)
    expect(here.person.questions).toHaveLength(1)
  })

  it('receives at most one window while paused, and everything afterwards', async () => {
    const { relay, screen } = await inside()
    screen.type("stty raw -echo; printf begin; head -c 20000000 /dev/zero | tr '\\0' x; printf end; exit\n")
    await expect.poll(() => screen.bytes().length).toBeGreaterThan(1_000_000)
    screen.shell.pause()
    const atPause = screen.bytes().length
    let before = -1
    await expect
      .poll(
        () => {
          const hasStopped = relay.forwardedBytes() === before
          before = relay.forwardedBytes()
          return hasStopped
        },
        { interval: 300 },
      )
      .toBe(true)
    expect(screen.bytes().length).toBe(atPause)
    // Its window plus the sockets' buffers. Windows grow with the round-trip time, which was not measured.
    expect(relay.forwardedBytes() - atPause).toBeLessThan(1024 * 1024)
    screen.shell.resume()
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 0, signal: null })
    expect(countOfX(screen)).toEqual({ count: 20_000_000, tail: expect.stringMatching(/^end/) })
  })

  it('reports the signal that ended it', async () => {
    const { screen } = await inside()
    screen.type('kill -9 $$\n')
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: null, signal: 'SIGKILL' })
  })

  it('measures the round-trip time until the connection is closed', async () => {
    const { screen, relay } = await inside()
    expect(await screen.shell.measureRoundTrip()).toBeGreaterThan(0)
    const measuring = screen.shell.measureRoundTrip()
    relay.cut()
    await measuring
    await expect.poll(screen.end).not.toBeNull()
    expect(await screen.shell.measureRoundTrip()).toBeNull()
  })

  it('ignores input after its end', async () => {
    const { screen } = await inside()
    screen.type('exit\n')
    await expect.poll(screen.end).not.toBeNull()
    screen.type('echo late\n')
    screen.shell.resize({ columns: 10, rows: 10 })
    screen.shell.pause()
    screen.shell.resume()
    screen.shell.close()
    screen.shell.close()
    let late: unknown = null
    screen.shell.onEnd((end) => (late = end))
    expect(late).toEqual(screen.end())
  })

  it('closes its connection when it is closed', async () => {
    const { server, screen } = await inside()
    screen.shell.close()
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: null, signal: null })
    await expect.poll(server.log).toMatch(/Disconnected from user|Connection closed by/)
  })

  it('closes its connection even if the server does not respond', async () => {
    const { relay, screen } = await inside()
    screen.type('echo pid=$PPID.\n')
    await expect.poll(screen.text).toMatch(/pid=\d+\./)
    const session = Number(/pid=(\d+)\./.exec(screen.text())?.[1])
    process.kill(session, 'SIGSTOP')
    try {
      screen.shell.close()
      await expect.poll(screen.end).toEqual({ kind: 'exited', code: null, signal: null })
      await expect.poll(relay.openSocketCount).toBe(0)
    } finally {
      process.kill(session, 'SIGCONT')
    }
  })

  it('does not forward an agent', async () => {
    const { screen } = await inside()
    screen.type('echo "agent=[$SSH_AUTH_SOCK]"; exit\n')
    await expect.poll(screen.end).not.toBeNull()
    expect(screen.text()).toContain('agent=[]')
  })
})

describe('a connection that is lost', () => {
  it('is reported when it is broken off', async () => {
    const { relay, screen } = await inside()
    screen.type('echo hi-$((40+2))\n')
    await expect.poll(screen.text).toContain('hi-42')
    relay.cut()
    await expect.poll(screen.end).toEqual({ kind: 'lost', reason: 'The server closed the connection.' })
  })

  it('is reported when the server no longer responds', async () => {
    const { server, screen } = await inside({ timing: { ...sshTiming, intervalMs: 500 } })
    screen.type('echo pid=$PPID.\n')
    await expect.poll(screen.text).toMatch(/pid=\d+\./)
    const session = Number(/pid=(\d+)\./.exec(screen.text())?.[1])
    const runningMs = measureRunningTime()
    process.kill(session, 'SIGSTOP')
    try {
      await expect.poll(screen.end, { timeout: 60_000 }).toEqual({
        kind: 'lost',
        reason: 'The server did not answer for 2 seconds.',
      })
      expect(runningMs()).toBeLessThan(10_000)
    } finally {
      process.kill(session, 'SIGCONT')
    }
    expect(server.attempts()).toBeGreaterThan(0)
  })

  it('is detected within a minute', () => {
    expect(sshTiming).toEqual({ readyMs: 15_000, unlockMs: 60_000, intervalMs: 15_000, maxUnanswered: 3 })
    expect(sshTiming.intervalMs * (sshTiming.maxUnanswered + 1)).toBeLessThanOrEqual(60_000)
  })
})
