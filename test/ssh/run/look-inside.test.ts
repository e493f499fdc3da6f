import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSystemClock } from '../../../src/node/clock'
import type { InsideReading } from '../../../src/core/idle/inside/inside-look'
import type { Result } from '../../../src/core/base/result'
import { createLookInside } from '../../../src/ssh/run/look-inside'
import { startOpenSshForTest, startRelay, tempFolder } from '../../harness/ssh/openssh-for-test'
import { pod } from '../../harness/samples/pods'
import { startTrustedServer } from '../../harness/cli/trusted-server'
import { createSshClient, toEndpoint } from '../../harness/ssh/ssh-client'

/**
 * Waits until work that only sleeps does so (S), since programs that are still starting are not at rest. Gives up once
 * the test is over and has removed `file`.
 */
const started = (work: string, file: string): string =>
  work.endsWith('sleep 1000')
    ? `until grep -qs "^[0-9]* (sleep) S" /proc/[0-9]*/stat || ! [ -e ${file} ]; do sleep 0.05; done;`
    : ''

/** A container of its own for each session, with a shell and another process, which does `work`. */
function container(work: string, shell = 'sh', prefix = ''): { config: readonly string[] } {
  const file = join(tempFolder('work'), 'work.sh')
  writeFileSync(file, `${work}\n`)
  const inside = `sh ${file} </dev/null >/dev/null 2>&1 & ${started(work, file)} ${prefix} ${shell}; :`
  return { config: [`ForceCommand exec unshare --net --pid --fork --mount-proc sh -c '${inside}'`] }
}

/** Looks inside a pod over this route, for 2 s instead of a minute. */
async function lookThrough(
  route: 'direct' | 'proxy',
  options: Parameters<typeof startTrustedServer>[1],
  intervalS = 2,
): Promise<Result<InsideReading, string>> {
  const { here, server } = await startTrustedServer(route, options)
  const ssh = { direct: null, proxy: null, [route]: toEndpoint(server) }
  const look = createLookInside('a', {
    ...here.ssh,
    clock: createSystemClock(),
    intervalS,
  })
  return look(pod({ id: 'p', ssh })).result
}

/** Looks until the pod is found working: work that a busy machine has not begun, or has no time for, is none. */
const lookUntilWorking = (...args: Parameters<typeof lookThrough>) =>
  vi.waitFor(async () => {
    const result = await lookThrough(...args)
    if (!result.ok || result.value.verdict !== 'working') throw new Error(JSON.stringify(result))
    return result.value
  })

const typed = 'bash --noprofile --norc -i'

describe.each([
  ['direct', 'sh'],
  ['proxy', typed],
] as const)('a look from inside by the %s route', (route, shell) => {
  it('finds a pod whose processes sleep at rest', async () => {
    const result = await lookThrough(route, container('sleep 1000', shell))
    expect(result).toMatchObject({
      ok: true,
      value: { verdict: 'at-rest', networkBytesPerS: 0, diskBytesPerS: expect.any(Number) },
    })
  })

  it('finds a pod with one busy process working, and names it', async () => {
    const { busiest } = await lookUntilWorking(route, container('exec dash -c "while :; do :; done"', shell))
    expect(busiest?.name).toBe('dash')
    expect(busiest?.percentOfCore).toBeGreaterThan(5)
    expect(busiest?.percentOfCore).toBeLessThan(110)
  })

  it('finds a pod working that starts one short process after the other', async () => {
    await lookUntilWorking(route, container('while :; do /bin/true; done', shell))
  })

  it('finds a pod that writes to its disk working', async () => {
    const target = join(tempFolder('disk'), 'file')
    const work = `while :; do head -c 3000000 /dev/zero > ${target}; sleep 0.5; done`
    const { diskBytesPerS } = await lookUntilWorking(route, container(work, shell))
    expect(diskBytesPerS).toBeGreaterThan(1_000_000)
  })
})

describe('a look from inside', () => {
  it('finds a pod at rest whose process wakes up now and then', async () => {
    const result = await lookThrough('direct', container('while :; do sleep 0.3; done'))
    expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest' } })
  })

  it.each(['dash', 'bash', 'bash --posix'])('works in %s', async (shell) => {
    const result = await lookThrough('direct', container('sleep 1000', shell), 1)
    expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest', processCount: 3 } })
  })

  it.runIf(existsSync('/usr/bin/busybox') || existsSync('/bin/busybox'))('works in busybox ash', async () => {
    const result = await lookThrough('direct', container('sleep 1000', 'busybox ash'), 1)
    expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest' } })
  })

  it('needs no programs but a shell and sleep', async () => {
    const folder = tempFolder('path')
    const prefix = `ln -s /bin/sh /bin/sleep ${folder}; PATH=${folder}`
    const result = await lookThrough('direct', container('sleep 1000', 'sh', prefix), 1)
    expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest' } })
  })

  describe.runIf(process.getuid?.() === 0)('in a container whose root may not trace other users', () => {
    const shell = 'setpriv --bounding-set -sys_ptrace sh'
    const nobody = 'exec setpriv --reuid 65534 --clear-groups'

    it('finds a pod at rest whose other users’ processes do not run', async () => {
      const result = await lookThrough('direct', container(`${nobody} sleep 1000`, shell))
      expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest' } })
    })

    it('does not know about a pod whose other users’ processes run', async () => {
      const work = `${nobody} sh -c "while :; do sleep 0.3; done"`
      expect(await lookThrough('direct', container(work, shell))).toEqual({
        ok: false,
        error: 'some of its processes could not be read',
      })
    })
  })

  it('survives processes with hostile names', async () => {
    const name = String.raw`printf 'S ) 0 9\nE 1\n\033[2J' > /proc/self/comm; sleep 1000; :`
    const result = await lookThrough('direct', container(`sh -c "${name.replaceAll('"', '')}"`), 1)
    expect(result).toMatchObject({ ok: true, value: { verdict: 'at-rest' } })
  })

  it('sees a busy process of this machine until that ends', async () => {
    const busy = spawn('sh', ['-c', 'while :; do :; done'])
    onTestFinished(() => void busy.kill('SIGKILL'))
    const before = await lookThrough('direct', {}, 1)
    expect(before).toMatchObject({ ok: true, value: { verdict: 'working' } })
    busy.kill('SIGKILL')
    await once(busy, 'exit')
  })

  it('is not made over a host key that nobody has trusted yet', async () => {
    const here = createSshClient()
    const note = join(tempFolder('note'), 'ran')
    const server = await startOpenSshForTest({
      authorized: [here.key().publicLine],
      config: [`ForceCommand touch ${note}; exec sh`],
    })
    const look = createLookInside('a', { ...here.ssh, clock: createSystemClock() })
    const ssh = { direct: toEndpoint(server), proxy: null }
    expect(await look(pod({ ssh })).result).toEqual({ ok: false, error: "its host key isn't trusted yet" })
    expect([server.attempts(), existsSync(note)]).toEqual([0, false])
  })

  it('of a pod that is not running connects to nothing', async () => {
    const look = createLookInside('a', {
      runCommand: () => Promise.reject(new Error('Something was run.')),
      openScriptSession: () => Promise.reject(new Error('Something was connected to.')),
      clock: createSystemClock(),
    })
    expect(await look(pod({ phase: 'stopped' })).result).toMatchObject({ ok: false })
  })

  it('each minute uses one connection, connects again once that was lost, and ends it when a look is canceled', async () => {
    const { here, server } = await startTrustedServer('direct', {})
    const relay = await startRelay(server.port)
    const look = createLookInside('a', { ...here.ssh, clock: createSystemClock(), intervalS: 1 })
    const direct = { ...toEndpoint(server), port: relay.port }
    const one = pod({ id: 'p', ssh: { direct, proxy: null } })
    const looked = async () => [(await look(one, 'each-minute').result).ok, server.attempts()]
    const [, attempts] = await looked()
    expect(await looked()).toEqual([true, attempts])
    relay.cut()
    const [isLookedAgain, attemptsAgain] = await looked()
    expect([isLookedAgain, Number(attemptsAgain) > Number(attempts)]).toEqual([true, true])
    const canceled = look(one, 'each-minute')
    canceled.cancel()
    expect((await canceled.result).ok).toBe(false)
    const [isOk, attemptsAfter] = await looked()
    expect([isOk, Number(attemptsAfter) > Number(attemptsAgain)]).toEqual([true, true])
  })

  it('can be canceled', async () => {
    const { here, server } = await startTrustedServer('direct', container('sleep 1000'))
    const look = createLookInside('a', { ...here.ssh, clock: createSystemClock() })
    const ongoing = look(pod({ id: 'p', ssh: { direct: toEndpoint(server), proxy: null } }))
    await expect.poll(server.log).toContain('forced-command')
    ongoing.cancel()
    expect(await ongoing.result).toEqual({ ok: false, error: 'it was canceled' })
  })
})

describe('a pod whose output cannot be relied on', () => {
  /** A true probe's output, as another machine might replay it. */
  const atRest = (n: number, s: number, extra = '') =>
    `B ${n}\nT ${s}.00\nM 7\nP 1 0 0 0 0 0 5 0 0 0 0 init\nP 7 1 0 0 0 0 9 0 0 0 0 sh\n${extra}N lo 0 0\nE 2\n`

  /** A server that runs nothing of what is sent, and prints this instead, between the markers it can guess. */
  async function lookAtPrinter(print: string): Promise<Result<InsideReading, string>> {
    const folder = tempFolder('printer')
    const file = join(folder, 'print.sh')
    writeFileSync(
      file,
      `read -r first
nonce=\${first#n=}
begin() { printf '\\n<%s:begin>\\n' "$nonce"; }
end() { printf '\\n<%s:end %s>\\n' "$nonce" "$1"; }
sleep 1
${print}
`,
    )
    return lookThrough('direct', { config: [`ForceCommand exec sh ${file}`] }, 1)
  }
  const cat = (text: string): string => `printf '%s' '${text}'`
  const whole = atRest(1, 50) + atRest(2, 51)

  it('is believed if it says what a true one would', async () => {
    expect(await lookAtPrinter(`begin; ${cat(whole)}; end 0`)).toMatchObject({
      ok: true,
      value: { verdict: 'at-rest' },
    })
  })

  it('gives no verdict, whatever is wrong with it', async () => {
    const untrue: Readonly<Record<string, string>> = {
      'prints no markers': cat(whole),
      'ends without the second marker': `begin; ${cat(whole)}`,
      'reports a failure': `begin; ${cat(whole)}; end 1`,
      'prints one reading only': `begin; ${cat(atRest(1, 50))}; end 0`,
      'cuts the second reading off': `begin; ${cat(whole.slice(0, -5))}; end 0`,
      'prints more than the readings': `begin; ${cat(`${whole}x\n`)}; end 0`,
      'prints escape codes': `begin; printf '\\033[2J\\033]0;x\\007'; ${cat(whole)}; end 0`,
      'prints binary data': `begin; head -c 4096 /dev/urandom; ${cat(whole)}; end 0`,
      'prints megabytes': `begin; ${cat(whole)}; head -c 9000000 /dev/zero; end 0`,
      'prints megabytes before the markers': `head -c 9000000 /dev/zero; begin; ${cat(whole)}; end 0`,
      'says that a minute passed that did not': `begin; ${cat(atRest(1, 50) + atRest(2, 80))}; end 0`,
      'says that no time passed': `begin; ${cat(atRest(1, 50) + atRest(2, 50))}; end 0`,
    }
    // All at once, because each waits for seconds.
    const looks = Object.entries(untrue).map(async ([what, print]) => ({
      what,
      result: await lookAtPrinter(print),
    }))
    for (const look of await Promise.all(looks))
      expect(look).toMatchObject({ result: { ok: false, error: expect.any(String) } })
  })
})
