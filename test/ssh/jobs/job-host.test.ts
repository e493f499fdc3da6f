import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { JobHost } from '../../../src/core/queue/host/job-host'
import { hasBusybox, launch, readUntil, startJobPod } from '../../harness/queue/job-pod'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { startSimulatedJobPod } from '../../harness/queue/simulated-job-pod'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/* What holds on every pod, real or simulated. */

interface TestPod {
  readonly host: JobHost
  readonly pod: Pod
  readonly volumeOnPod: string
}

const shells = (['dash', 'busybox'] as const).filter((shell) => shell === 'dash' || hasBusybox)
const pods: readonly (readonly [string, (route: 'direct' | 'proxy') => Promise<TestPod>])[] = [
  ...shells.map((shell) => [shell, (route: 'direct' | 'proxy') => startJobPod({ shell, route })] as const),
  ['a simulated shell', startSimulatedJobPod],
]

async function logOf({ host, pod }: TestPod, id: string): Promise<string> {
  const log = await host.readLog(pod, id, 0, 10_000)
  if (!log.ok) throw new Error(log.error.message)
  expect(log.value.sizeBytes).toBe(log.value.bytes.length)
  return Buffer.from(log.value.bytes).toString()
}

describe.each(
  pods.flatMap(([name, start]) =>
    (['direct', 'proxy'] as const).map((route) => [name, route, start] as const),
  ),
)('a pod with %s by the %s route', (_, route, start) => {
  it('runs a job once, with its variables, and says how it ended', async () => {
    const pod = await start(route)
    const secret = 'it\'s a "secret" $HOME `x` \\n ü!'
    const job = launch('one', 'echo "$SECRET"; exit 3', { environment: { SECRET: secret } })
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'started' })
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'exists' })
    expect(await readUntil(pod, 'one', 'ended')).toMatchObject({
      exitCode: 3,
      isTimedOut: false,
      startedAtS: expect.any(Number),
      endedAtS: expect.any(Number),
    })
    expect(await logOf(pod, 'one')).toBe(`${secret}\n`)
    await pod.host.start(pod.pod, launch('two', 'sleep 1000'))
    expect(await readUntil(pod, 'two', 'running')).toMatchObject({ heartbeatAgeS: expect.any(Number) })
    expect(await pod.host.cancel(pod.pod, 'two')).toMatchObject({
      ok: true,
      value: { kind: 'ended', exitCode: 143 },
    })
    expect(await pod.host.cancel(pod.pod, 'three')).toMatchObject({ ok: true, value: { exitCode: null } })
    expect(await pod.host.read(pod.pod, ['none', 'one', 'three'])).toMatchObject({
      ok: true,
      value: [{ jobId: 'none', kind: 'absent' }, { exitCode: 3 }, { kind: 'ended', startedAtS: null }],
    })
    if (route === 'proxy') {
      const files = [{ name: 'a', path: '/etc/hostname' }]
      expect(await pod.host.start(pod.pod, launch('four', 'true', { files }))).toMatchObject({
        ok: false,
        error: { kind: 'unsupported', isUnclear: false },
      })
    }
  })
})

describe.each(pods)('a pod with %s', (_, start) => {
  it('gets files along with a job, and gives results back', async () => {
    const pod = await start('direct')
    const folder = tempFolder('results')
    const bytes = Buffer.alloc(300_000, Buffer.from(Array.from({ length: 256 }, (__, i) => i)))
    writeFileSync(join(folder, 'data'), bytes)
    writeFileSync(join(folder, 'empty'), '')
    const files = [
      { name: "some folder/da'ta.bin", path: join(folder, 'data') },
      { name: 'empty', path: join(folder, 'empty') },
    ]
    const job = launch('one', 'echo result > out.txt; ls', { files })
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'started' })
    await readUntil(pod, 'one', 'ended')
    const listed = await pod.host.listResults(pod.pod, 'one', ['*.txt', 'some folder', 'nothing*', 'out.txt'])
    const results = listed.ok ? listed.value : []
    expect(new Map(results.map(({ name, sizeBytes }) => [name, sizeBytes]))).toEqual(
      new Map([
        ['out.txt', 7],
        ["some folder/da'ta.bin", bytes.length],
      ]),
    )
    const chosen = join(folder, 'chosen')
    mkdirSync(chosen)
    for (const result of results) {
      const progress: number[] = []
      const fetched = await pod.host.fetchResult(pod.pod, 'one', result, chosen, (count) =>
        progress.push(count),
      )
      expect(fetched).toEqual({ ok: true, value: join(chosen, result.name) })
      expect(progress.at(-1)).toBe(result.sizeBytes)
      // Once more: it is there.
      expect(await pod.host.fetchResult(pod.pod, 'one', result, chosen)).toEqual(fetched)
    }
    expect(readFileSync(join(chosen, "some folder/da'ta.bin")).equals(bytes)).toBe(true)
    expect(readFileSync(join(chosen, 'out.txt'), 'utf8')).toBe('result\n')

    // Nothing is overwritten, nothing is accepted that has another hash, and nothing is left of what failed.
    const [result] = results.filter(({ name }) => name === 'out.txt')
    if (result === undefined) throw new Error('no result')
    writeFileSync(join(chosen, 'out.txt'), 'mine')
    expect(await pod.host.fetchResult(pod.pod, 'one', result, chosen)).toMatchObject({
      error: { kind: 'failed' },
    })
    expect(readFileSync(join(chosen, 'out.txt'), 'utf8')).toBe('mine')
    const other = join(folder, 'other')
    mkdirSync(other)
    const wrong = { ...result, sha256: '0'.repeat(64) }
    expect(await pod.host.fetchResult(pod.pod, 'one', wrong, other)).toMatchObject({
      error: { kind: 'failed', message: 'out.txt changed on the pod since it was listed.' },
    })
    const longer = { ...result, sizeBytes: 8 }
    expect(await pod.host.fetchResult(pod.pod, 'one', longer, other)).toMatchObject({
      error: { kind: 'failed' },
    })
    const gone = { ...result, name: 'gone.txt' }
    expect(await pod.host.fetchResult(pod.pod, 'one', gone, other)).toMatchObject({
      error: { kind: 'failed' },
    })
    for (const name of [
      '../up',
      '/etc/up',
      'a/../../up',
      'NUL',
      'con.txt',
      'a\nb',
      'c:up',
      'dot.',
      '\u202Egnp.exe',
    ]) {
      const hostile = await pod.host.fetchResult(pod.pod, 'one', { ...result, name }, other)
      expect(hostile).toMatchObject({ ok: false, error: { kind: 'failed' } })
    }
    symlinkSync(folder, join(other, 'link'))
    expect(await pod.host.fetchResult(pod.pod, 'one', { ...result, name: 'link/up' }, other)).toMatchObject({
      ok: false,
      error: { kind: 'failed' },
    })
    expect(readdirSync(other)).toEqual(['link'])
    expect(readdirSync(folder).sort()).toEqual(['chosen', 'data', 'empty', 'other'])

    expect(await pod.host.listResults(pod.pod, 'one', ['../*'])).toMatchObject({ error: { kind: 'failed' } })
    expect(await pod.host.listResults(pod.pod, 'one', ['**/x'])).toMatchObject({ error: { kind: 'failed' } })
    expect(await pod.host.listResults(pod.pod, 'none', ['*'])).toMatchObject({ error: { kind: 'failed' } })
  })

  it('gives pieces of a log, whatever bytes are in it', async () => {
    const pod = await start('direct')
    await pod.host.start(pod.pod, launch('log', 'seq 1 3000'))
    await readUntil(pod, 'log', 'ended')
    const whole = Array.from({ length: 3_000 }, (__, i) => `${i + 1}\n`).join('')
    for (const [from, count] of [
      [0, 10],
      [4_095, 2],
      [4_096, 4_096],
      [5_000, 9_000],
      [13_890, 100],
      [20_000, 10],
    ] as const) {
      const piece = await pod.host.readLog(pod.pod, 'log', from, count)
      expect(piece.ok && Buffer.from(piece.value.bytes).toString()).toBe(whole.slice(from, from + count))
      expect(piece).toMatchObject({ ok: true, value: { sizeBytes: whole.length } })
    }
    expect(await pod.host.readLog(pod.pod, 'none', 0, 10)).toMatchObject({ error: { kind: 'failed' } })
  })
})
