import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { JobHostError } from '../../../src/core/queue/host/job-host'
import { createJobHost } from '../../../src/ssh/jobs/job-host'
import { hasBusybox, hasContainers, launch, readUntil, startJobPod } from '../../harness/queue/job-pod'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { createSshClient } from '../../harness/ssh/ssh-client'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const jobs = '.podkeeper/jobs'
const started = { ok: true, value: 'started' }

/** What a job prints once it ended. */
async function outputOf(pod: Awaited<ReturnType<typeof startJobPod>>, id: string): Promise<string> {
  await readUntil(pod, id, 'ended')
  const log = await pod.host.readLog(pod.pod, id, 0, 100_000)
  if (!log.ok) throw new Error(log.error.message)
  return Buffer.from(log.value.bytes).toString()
}

/** Empty for a file, or a process, that is gone meanwhile. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (!['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    return ''
  }
}

/** The command lines of all processes of this computer, the pod's included. */
const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => textOf(`/proc/${name}/cmdline`))
    .join('\n')

describe('a job', () => {
  it('starts exactly once, however many start it at the same time', async () => {
    const pod = await startJobPod()
    const job = launch('twice', `echo ran >>${pod.volumeOnPod}/count; sleep 0.2`)
    const results = await Promise.all(Array.from({ length: 8 }, () => pod.host.start(pod.pod, job)))
    expect(results.filter((result) => result.ok && result.value === 'started')).toHaveLength(1)
    expect(results.filter((result) => result.ok && result.value === 'exists')).toHaveLength(7)
    await readUntil(pod, 'twice', 'ended')
    expect(pod.count('count')).toBe(1)
    // Nor does a second supervisor do anything.
    const before = ['pid', 'exit_code'].map((name) => pod.read(`${jobs}/twice/${name}`))
    const again = spawnSync('sh', ['./run'], { cwd: join(pod.volume, jobs, 'twice') })
    expect(again.status).toBe(1)
    expect(['pid', 'exit_code'].map((name) => pod.read(`${jobs}/twice/${name}`))).toEqual(before)
  })

  it('has its secrets in its environment, and nowhere else', async () => {
    const pod = await startJobPod()
    const secret = 'never-in-an-argument'
    const job = launch('secret', 'echo ${#SECRET}; sleep 1000', {
      environment: { SECRET: secret, env: 'a', folder: '/', here: '/', first: 'x', entry: 'y' },
    })
    const seen: string[] = []
    let isOver = false
    const watching = (async () => {
      while (!isOver) {
        seen.push(commandLines())
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    expect(await pod.host.start(pod.pod, job)).toEqual(started)
    await readUntil(pod, 'secret', 'running')
    const folder = join(pod.volume, jobs, 'secret')
    await expect.poll(() => existsSync(join(folder, 'env'))).toBe(false)
    for (const name of readdirSync(folder)) {
      if (name === 'claimed') continue
      expect(textOf(join(folder, name))).not.toContain(secret)
    }
    await pod.host.cancel(pod.pod, 'secret')
    expect(await outputOf(pod, 'secret')).toContain(`${secret.length}\n`)
    isOver = true
    await watching
    expect(seen.join('\n')).toContain('./run')
    expect(seen.join('\n')).not.toContain(secret)
  })

  it('is ended by a cancel: by TERM, or by KILL after the grace period', async () => {
    const pod = await startJobPod()
    await pod.host.start(pod.pod, launch('term', 'sleep 1000 & sleep 1000'))
    await pod.host.start(
      pod.pod,
      launch('kill', "trap '' TERM; echo ready; sleep 1000 & while :; do sleep 1; done"),
    )
    await expect.poll(() => pod.count(`${jobs}/kill/log`)).toBe(1)
    const [term, kill] = await Promise.all([
      pod.host.cancel(pod.pod, 'term'),
      pod.host.cancel(pod.pod, 'kill'),
    ])
    expect(term).toMatchObject({ ok: true, value: { kind: 'ended', exitCode: 143, isTimedOut: false } })
    expect(kill).toMatchObject({ ok: true, value: { kind: 'ended', exitCode: 137, isTimedOut: false } })
    await expect.poll(commandLines).not.toContain(join(pod.volumeOnPod, jobs, 'kill'))
    // A second cancel changes nothing.
    expect(await pod.host.cancel(pod.pod, 'term')).toEqual(term)
  })

  it('whose command left a process behind runs until that ends, and a cancel or its time ends that, too', async () => {
    const pod = await startJobPod()
    const go = join(pod.volume, 'go')
    const until = `nohup sh -c 'until [ -e ${pod.volumeOnPod}/go ]; do sleep 0.1; done; echo trained' &`
    await pod.host.start(pod.pod, launch('left', until))
    await pod.host.start(pod.pod, launch('canceled', 'nohup sleep 1000 & exit 0'))
    await pod.host.start(pod.pod, launch('late', 'nohup sleep 1000 & exit 0', { maxSeconds: 2 }))
    expect(await readUntil(pod, 'late', 'ended')).toMatchObject({ exitCode: 0, isTimedOut: true })
    expect(await pod.host.read(pod.pod, ['left', 'canceled'])).toMatchObject({
      ok: true,
      value: [{ kind: 'running' }, { kind: 'running' }],
    })
    const ended = { ok: true, value: { kind: 'ended', exitCode: 143 } }
    expect(await pod.host.cancel(pod.pod, 'canceled')).toMatchObject(ended)
    writeFileSync(go, '')
    expect(await readUntil(pod, 'left', 'ended')).toMatchObject({ exitCode: 0, isTimedOut: false })
    expect(await outputOf(pod, 'left')).toContain('trained')
  })

  it('can save what it has when it gets TERM', async () => {
    const pod = await startJobPod()
    const command = "trap 'sleep 0.5; echo saved; exit 7' TERM; echo ready; while :; do sleep 0.1; done"
    await pod.host.start(pod.pod, launch('saves', command))
    await expect.poll(() => pod.count(`${jobs}/saves/log`)).toBe(1)
    expect(await pod.host.cancel(pod.pod, 'saves')).toMatchObject({ ok: true, value: { exitCode: 7 } })
    expect(await outputOf(pod, 'saves')).toContain('saved\n')
  })

  it('that was canceled before its start never starts', async () => {
    const pod = await startJobPod()
    const ended = {
      jobId: 'never',
      kind: 'ended',
      exitCode: null,
      isTimedOut: false,
      startedAtS: null,
      endedAtS: null,
    }
    expect(await pod.host.cancel(pod.pod, 'never')).toEqual({ ok: true, value: ended })
    const job = launch('never', `echo ran >>${pod.volumeOnPod}/count`)
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'exists' })
    expect(await pod.host.read(pod.pod, ['never'])).toEqual({ ok: true, value: [ended] })
    expect(pod.count('count')).toBe(0)
  })

  it('is ended on the pod after its maximum run time', async () => {
    const pod = await startJobPod()
    await pod.host.start(pod.pod, launch('late', 'sleep 1000', { maxSeconds: 1 }))
    await pod.host.start(pod.pod, launch('early', 'exit 0', { maxSeconds: 60 }))
    expect(await readUntil(pod, 'late', 'ended')).toMatchObject({ exitCode: 143, isTimedOut: true })
    expect(await readUntil(pod, 'early', 'ended')).toMatchObject({ exitCode: 0, isTimedOut: false })
  })

  it('runs as a script with its own interpreter, in its working directory', async () => {
    const pod = await startJobPod()
    const folder = 'a "folder" with \'quotes\' and ü'
    mkdirSync(join(pod.volume, folder))
    const script = '#! /usr/bin/env  sh\r\nset -e\r\npwd\r\nfalse\r\necho never\r\n'
    expect(await pod.host.start(pod.pod, launch('script', script, { workingDirectory: folder }))).toEqual(
      started,
    )
    expect(await outputOf(pod, 'script')).toBe(`${pod.volumeOnPod}/${folder}\n`)
    expect(await readUntil(pod, 'script', 'ended')).toMatchObject({ exitCode: 1 })
    const inside = launch('inside', 'pwd; echo "$PODKEEPER_JOB_ID"; echo "$CUDA_VISIBLE_DEVICES"', {
      gpuIndexes: [1, 3],
    })
    await pod.host.start(pod.pod, inside)
    expect(await outputOf(pod, 'inside')).toBe(`${pod.volumeOnPod}\ninside\n1,3\n`)
  })

  it('has the usual signals and files, and no input', async () => {
    const pod = await startJobPod()
    await pod.host.start(
      pod.pod,
      launch('usual', 'grep -E "Sig(Ign|Blk)" /proc/self/status; ls /proc/self/fd; cat; umask'),
    )
    const output = await outputOf(pod, 'usual')
    expect(output).toContain('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n1\n2\n3\n')
    expect(output.endsWith('0022\n')).toBe(true)
  })

  it('whose supervisor was killed is still watched, and its end has no exit code', async () => {
    const pod = await startJobPod()
    await pod.host.start(pod.pod, launch('orphan', 'sleep 1000'))
    await readUntil(pod, 'orphan', 'running')
    await expect.poll(() => pod.count(`${jobs}/orphan/pid`)).toBe(2)
    await pod.host.start(
      pod.pod,
      launch('killer', `kill -9 $(head -n1 ${pod.volumeOnPod}/${jobs}/orphan/pid | cut -d" " -f1)`),
    )
    await readUntil(pod, 'killer', 'ended')
    expect(await readUntil(pod, 'orphan', 'running')).toMatchObject({ kind: 'running' })
    expect(await pod.host.cancel(pod.pod, 'orphan')).toMatchObject({
      ok: true,
      value: { kind: 'ended', exitCode: null },
    })
  })

  it('whose process id belongs to another process now has ended, and a cancel leaves that alone', async () => {
    const pod = await startJobPod()
    await pod.host.start(pod.pod, launch('other', 'sleep 1000'))
    await pod.host.start(pod.pod, launch('reused', 'sleep 0.1'))
    await readUntil(pod, 'reused', 'ended')
    await expect.poll(() => pod.count(`${jobs}/other/pid`)).toBe(2)
    const [supervisor = '', job = ''] = pod.read(`${jobs}/other/pid`).split('\n')
    const later = supervisor.replace(
      /^(\d+ )(\d+)/,
      (_, pid: string, start: string) => `${pid}${Number(start) - 1}`,
    )
    const jobLater = job.replace(/ (\d+)$/, (_, start: string) => ` ${Number(start) - 1}`)
    writeFileSync(join(pod.volume, jobs, 'reused/pid'), `${later}\n${jobLater}\n`)
    execFileSync('rm', [join(pod.volume, jobs, 'reused/exit_code')])
    const ended = { ok: true, value: { kind: 'ended', exitCode: null } }
    expect(await pod.host.cancel(pod.pod, 'reused')).toMatchObject(ended)
    expect(await pod.host.read(pod.pod, ['other'])).toMatchObject({ ok: true, value: [{ kind: 'running' }] })
    await pod.host.cancel(pod.pod, 'other')
  })
})

describe.runIf(hasContainers)('in a container', () => {
  it('a job ends without an exit code when that restarts, and its log stays whole', async () => {
    const pod = await startJobPod()
    await pod.host.start(pod.pod, launch('cut', 'echo before; sleep 1000', { environment: { SECRET: 'x' } }))
    await pod.host.start(pod.pod, launch('done', 'echo done; exit 4'))
    expect(await readUntil(pod, 'cut', 'running')).toMatchObject({ heartbeatAgeS: expect.any(Number) })
    await readUntil(pod, 'done', 'ended')
    await expect.poll(() => pod.count(`${jobs}/cut/log`)).toBe(1)
    await pod.restart()
    expect(await pod.host.read(pod.pod, ['cut', 'done'])).toMatchObject({
      ok: true,
      value: [
        { kind: 'ended', exitCode: null, startedAtS: expect.any(Number), endedAtS: null },
        { kind: 'ended', exitCode: 4 },
      ],
    })
    expect(await outputOf(pod, 'cut')).toBe('before\n')
    // Its id is not free again.
    expect(await pod.host.start(pod.pod, launch('cut', 'echo twice'))).toEqual({ ok: true, value: 'exists' })
  })

  it('a job has the environment of the image, whatever the session has', async () => {
    const pod = await startJobPod({
      sessionSetup:
        'export PATH=/nowhere ENV=/nowhere/env CDPATH=/ IFS=e env=1 id=2 root=3 PAGER=less; ulimit -c 0',
      containerSetup: "export IMAGE='two\nlines' UID=7 PATH=/opt/image/bin:$PATH",
    })
    const job = launch('image', 'echo "$IMAGE"; echo "$PATH"; echo "$MINE"; echo "$id$root$env"', {
      environment: { MINE: 'x' },
    })
    expect(await pod.host.start(pod.pod, job)).toEqual(started)
    const [one, two, path, ...rest] = (await outputOf(pod, 'image')).split('\n')
    expect([one, two, rest]).toEqual(['two', 'lines', ['x', '', '']])
    expect(path).toMatch(/^\/opt\/image\/bin:/)
  })

  it.each(hasBusybox ? (['dash', 'busybox'] as const) : (['dash'] as const))(
    'a full disk refuses a job with nothing left of it (%s)',
    async (shell) => {
      const pod = await startJobPod({ shell, volumeBytes: 65_536 })
      const fill = launch('fill', `cat /dev/zero >${pod.volumeOnPod}/zeros; echo full; exit 9`)
      execFileSync('mknod', ['-m', '666', join(pod.volume, 'zero'), 'c', '1', '5'])
      const command = fill.command.replace('/dev/zero', `${pod.volumeOnPod}/zero`)
      expect(await pod.host.start(pod.pod, { ...fill, command })).toEqual(started)
      // Its end is saved although its disk is full.
      expect(await readUntil(pod, 'fill', 'ended')).toMatchObject({ exitCode: 9 })
      const refused = await pod.host.start(pod.pod, launch('refused', `echo ran >>/tmp/ran`))
      expect(refused).toMatchObject({ ok: false, error: { kind: 'failed', isUnclear: false } })
      expect(refused.ok || refused.error.message).toMatch(/No space left|disk may be full/)
      expect(readdirSync(join(pod.volume, jobs, 'refused'))).toEqual(['claimed'])
      const never = { kind: 'ended', exitCode: null, startedAtS: null }
      expect(await pod.host.read(pod.pod, ['refused'])).toMatchObject({ ok: true, value: [never] })
    },
  )

  it.runIf(hasBusybox)('a job runs for a user who is not root', async () => {
    const pod = await startJobPod({ shell: 'busybox', uid: 65_534 })
    const job = launch('nobody', 'id -u; echo "$SECRET"; exit 5', { environment: { SECRET: 's' } })
    expect(await pod.host.start(pod.pod, job)).toEqual(started)
    expect(await readUntil(pod, 'nobody', 'ended')).toMatchObject({ exitCode: 5 })
    expect(await outputOf(pod, 'nobody')).toBe('65534\ns\n')
    await pod.host.start(pod.pod, launch('long', 'sleep 1000'))
    expect(await pod.host.cancel(pod.pod, 'long')).toMatchObject({ ok: true, value: { exitCode: 143 } })
    // A folder of root is not taken over.
    execFileSync('chown', ['-R', '0:0', join(pod.volume, '.podkeeper')])
    expect(await pod.host.start(pod.pod, launch('other', 'true'))).toMatchObject({
      error: { kind: 'failed' },
    })
  })

  it('a read-only file system refuses a job', async () => {
    const pod = await startJobPod({ volumeBytes: 1_000_000 })
    execFileSync('mount', ['-o', 'remount,ro', pod.volume])
    const refused = await pod.host.start(pod.pod, launch('one', 'true'))
    expect(refused).toMatchObject({ ok: false, error: { kind: 'failed', isUnclear: false } })
    expect(refused.ok || refused.error.message).toContain('Read-only file system')
  })

  it.runIf(hasBusybox)(
    'clocks that jump change neither how long a job took nor when it has to end',
    async () => {
      const pod = await startJobPod({ shell: 'busybox' })
      const bin = join(pod.volume, '../bin')
      execFileSync('rm', [join(bin, 'date')])
      const jump =
        '#!/bin/sh\nif [ -e /tmp/jumped ]; then echo 1000; else echo 2000000000; fi; touch /tmp/jumped\n'
      writeFileSync(join(bin, 'date'), jump)
      chmodSync(join(bin, 'date'), 0o755)
      await pod.host.start(pod.pod, launch('jump', 'sleep 2; exit 5'))
      const reading = await readUntil(pod, 'jump', 'ended')
      expect(reading).toMatchObject({ exitCode: 5, startedAtS: 2_000_000_000 })
      const { startedAtS, endedAtS } = reading as { startedAtS: number; endedAtS: number }
      expect(endedAtS - startedAtS).toBeGreaterThanOrEqual(1)
      expect(endedAtS - startedAtS).toBeLessThan(60)
    },
  )

  it.runIf(hasBusybox)(
    'a huge log is read from where it is asked for, whatever is in it, without base64 as well',
    async () => {
      const pod = await startJobPod({ shell: 'busybox' })
      await pod.host.start(pod.pod, launch('log', 'true'))
      await readUntil(pod, 'log', 'ended')
      const log = join(pod.volume, jobs, 'log/log')
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256))
      truncateSync(log, 5_000_000_000)
      appendFileSync(log, bytes)
      const piece = (from: number, count: number) => pod.host.readLog(pod.pod, 'log', from, count)
      const sizeBytes = 5_000_070_000
      const tail = await piece(5_000_000_000, 70_000)
      expect(tail).toMatchObject({ ok: true, value: { sizeBytes } })
      expect(tail.ok && Buffer.from(tail.value.bytes).equals(bytes)).toBe(true)
      execFileSync('rm', [join(pod.volume, '../bin/base64'), join(pod.volume, '../bin/sha256sum')])
      const hex = await piece(5_000_000_100, 70_000)
      expect(hex.ok && Buffer.from(hex.value.bytes).equals(bytes.subarray(100))).toBe(true)
      expect(await pod.host.listResults(pod.pod, 'log', ['*'])).toMatchObject({
        error: { kind: 'unsupported' },
      })
      // A job that replaces its log by something else holds nobody up.
      execFileSync('rm', [log])
      execFileSync('mkfifo', [log])
      expect(await piece(0, 100)).toEqual({ ok: true, value: { sizeBytes: 0, bytes: Buffer.alloc(0) } })
    },
  )

  it('a directory of another user is refused', async () => {
    const pod = await startJobPod()
    mkdirSync(join(pod.volume, jobs), { recursive: true })
    chownSync(join(pod.volume, jobs), 12_345, 12_345)
    const message = `${pod.volumeOnPod}/${jobs} belongs to another user.`
    const refused: JobHostError = { kind: 'failed', message, isUnclear: false }
    expect(await pod.host.start(pod.pod, launch('one', 'true'))).toEqual({ ok: false, error: refused })
    expect(readdirSync(join(pod.volume, jobs))).toEqual([])
  })
})

describe('a directory', () => {
  it('that is a link is refused, and nothing is written behind it', async () => {
    const pod = await startJobPod()
    const elsewhere = join(pod.volume, 'elsewhere')
    mkdirSync(elsewhere)
    symlinkSync(elsewhere, join(pod.volume, '.podkeeper'))
    const refused = await pod.host.start(pod.pod, launch('one', 'true'))
    expect(refused.ok || refused.error.message).toBe(`${pod.volumeOnPod}/.podkeeper is a link.`)
    expect(await pod.host.read(pod.pod, ['one'])).toMatchObject({ ok: false, error: { kind: 'failed' } })
    expect(readdirSync(elsewhere)).toEqual([])
    execFileSync('rm', [join(pod.volume, '.podkeeper')])
    mkdirSync(join(pod.volume, jobs), { recursive: true })
    symlinkSync('/nowhere', join(pod.volume, jobs, 'two'))
    expect(await pod.host.start(pod.pod, launch('two', 'true'))).toEqual({ ok: true, value: 'exists' })
  })

  it('that a job cannot work in is an error, with nothing left of the job', async () => {
    const pod = await startJobPod()
    const result = await pod.host.start(
      pod.pod,
      launch('one', 'true', { workingDirectory: '/nowhere/at all' }),
    )
    expect(result.ok || result.error.message).toBe("The working directory /nowhere/at all can't be opened.")
    expect(readdirSync(join(pod.volume, jobs, 'one'))).toEqual(['claimed'])
  })
})

describe('a pod that cannot be asked', () => {
  it('leaves nothing unclear where nothing was sent', async () => {
    const pod = await startJobPod()
    const stranger = createSshClient()
    stranger.key()
    const host = createJobHost('a', stranger.ssh)
    const untrusted = await host.start(pod.pod, launch('one', 'true'))
    expect(untrusted).toMatchObject({ ok: false, error: { kind: 'unreachable', isUnclear: false } })
    const nowhere = { ...pod.pod, ssh: { direct: null, proxy: null } }
    expect(await pod.host.start(nowhere, launch('one', 'true'))).toMatchObject({
      error: { kind: 'unreachable', isUnclear: false },
    })
    expect(await pod.host.read(nowhere, ['one'])).toMatchObject({ error: { isUnclear: false } })
    expect(existsSync(join(pod.volume, jobs))).toBe(false)
  })

  it('leaves open whether a job started when the connection breaks', async () => {
    const pod = await startJobPod()
    const isClaimed = (): boolean => existsSync(join(pod.volume, jobs, 'one/claimed'))
    // The answer comes once the job is claimed.
    pod.relay.freezeWhen(isClaimed)
    const starting = pod.host.start(pod.relayed, launch('one', 'true'))
    await expect.poll(isClaimed).toBe(true)
    pod.relay.cut()
    const result = await starting
    expect(result).toMatchObject({ ok: false, error: { kind: 'unreachable', isUnclear: true } })
    expect(await readUntil(pod, 'one', 'ended')).toMatchObject({ exitCode: 0 })
  })

  it('gives a result back whole or not at all when the connection breaks', async () => {
    const pod = await startJobPod()
    const folder = tempFolder('results')
    await pod.host.start(pod.pod, launch('big', 'head -c 3000000 /dev/urandom >big'))
    await readUntil(pod, 'big', 'ended')
    const listed = await pod.host.listResults(pod.pod, 'big', ['big'])
    const [file] = listed.ok ? listed.value : []
    if (file === undefined) throw new Error('no result')
    pod.relay.cutAfter(1_000_000)
    const cut = await pod.host.fetchResult(pod.relayed, 'big', file, folder)
    expect(cut).toMatchObject({ ok: false, error: { kind: 'unreachable', isUnclear: false } })
    // What came by then is kept, and the rest alone is fetched the next time.
    const [part = ''] = readdirSync(folder)
    const { size } = statSync(join(folder, part))
    expect([part.endsWith('.part'), size > 0, size < file.sizeBytes]).toEqual([true, true, true])
    const progress: number[] = []
    const fetched = await pod.host.fetchResult(pod.pod, 'big', file, folder, (count) => progress.push(count))
    expect(fetched).toMatchObject({ ok: true })
    expect(progress[0]).toBeGreaterThanOrEqual(size)
    expect(readdirSync(folder)).toEqual(['big'])
    writeFileSync(join(folder, 'up'), Buffer.alloc(30_000_000))
    const files = [{ name: 'up', path: join(folder, 'up') }]
    pod.relay.cutAfter(Infinity)
    const starting = pod.host.start(
      pod.relayed,
      launch('late', `echo ran >>${pod.volumeOnPod}/count`, { files }),
    )
    const incoming = join(pod.volume, '.podkeeper/incoming')
    await expect
      .poll(() => readdirSync(incoming).some((name) => existsSync(join(incoming, name, 'up'))), {
        interval: 2,
      })
      .toBe(true)
    pod.relay.cut()
    // Nothing was started, so that nothing is unclear.
    expect(await starting).toMatchObject({ ok: false, error: { isUnclear: false } })
    expect(await pod.host.read(pod.pod, ['late'])).toMatchObject({ ok: true, value: [{ kind: 'absent' }] })
    expect(pod.count('count')).toBe(0)
  })

  it.each([
    [launch('../up', 'true'), 'The job has an invalid id.'],
    [launch('a', ' \n'), 'The command is empty.'],
    [launch('a', 'true', { environment: { 'A B': '1' } }), '“A B” can’t be the name of a variable.'],
    [launch('a', 'true', { environment: { PPID: '1' } }), '“PPID” can’t be the name of a variable.'],
    [
      launch('a', 'true', { environment: { A: '\0' } }),
      'The value of A contains a character that no shell accepts.',
    ],
    [
      launch('a', 'true', { workingDirectory: '/a\nb' }),
      "The working directory's name contains control characters.",
    ],
    [launch('a', 'true', { maxSeconds: 0 }), 'The maximum run time is invalid.'],
    [launch('a', 'x'.repeat(300_000)), 'The job is too large: bring a script along as a file.'],
  ])('is not asked about a job that makes no sense', async (job, message) => {
    const host = createJobHost('a', {
      runCommand: () => Promise.reject(new Error('asked')),
      openScript: () => Promise.reject(new Error('asked')),
    })
    const somewhere = {
      ...(await import('../../harness/samples/pods')).pod({}),
      ssh: { direct: { host: 'h', port: 1, username: 'r' }, proxy: null },
    }
    const result = await host.start(somewhere, job)
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', isUnclear: false } })
    expect(result.ok || result.error.message.replaceAll('’', "'")).toBe(message.replaceAll('’', "'"))
  })
})
