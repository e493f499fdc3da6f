import { describe, expect, test } from 'vitest'
import { judgeProbe, type ProbeRun } from '../../../../src/core/idle/inside/inside-look'
import { probeScript } from '../../../../src/core/idle/inside/inside-probe'
import { insideText } from '../../../../src/core/idle/inside/inside-text'
import type { Instant } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { type FakeProcess, init, probe, probeOutput, reading, sshd } from '../../../harness/ssh/probe-output'

const at = (s: number): Instant => ({ wallMs: START_MS + s * 1_000, monotonicMs: s * 1_000, runId: 'run-1' })

const judge = (output: string, over: Partial<ProbeRun> = {}) =>
  judgeProbe({ output, intervalS: 60, startedAt: at(0), endedAt: at(65), ...over })

/** A minute in which one process, which existed before, changed like this. */
const minute = (before: FakeProcess, after: Partial<FakeProcess>) =>
  judge(probeOutput([before], [{ ...before, ...after }]))

const worker: FakeProcess = { pid: 42, name: 'python3', ticks: 1_000, bytes: 5_000_000 }

describe('a process', () => {
  test('works above 5% of one core, and rests up to that', () => {
    // 60 s are 6,000 ticks.
    expect(minute(worker, { ticks: 1_300 })).toMatchObject({ value: { verdict: 'at-rest' } })
    expect(minute(worker, { ticks: 1_301 })).toMatchObject({
      value: { verdict: 'working', busiest: { name: 'python3' } },
    })
  })

  test('works if its ended children did', () => {
    expect(minute(worker, { childTicks: 301 })).toMatchObject({ value: { verdict: 'working' } })
  })

  test('that is new counts with all that it used', () => {
    const started = { ...worker, ticks: 301, bytes: 0 }
    expect(judge(probeOutput([], [started]))).toMatchObject({ value: { verdict: 'working' } })
    // Another process got the same id.
    expect(judge(probeOutput([{ ...worker, ticks: 300 }], [{ ...started, start: 99 }]))).toMatchObject({
      value: { verdict: 'working' },
    })
  })

  test('that ended does not count itself', () => {
    expect(judge(probeOutput([worker], []))).toMatchObject({ value: { verdict: 'at-rest' } })
  })

  test('works above 1 MB/s of reads and writes, and rests up to that', () => {
    expect(minute(worker, { bytes: 65_000_000 })).toMatchObject({ value: { verdict: 'at-rest' } })
    expect(minute(worker, { bytes: 65_000_001 })).toMatchObject({ value: { verdict: 'working' } })
    expect(minute(worker, { diskBytes: 60_000_001 })).toMatchObject({ value: { verdict: 'working' } })
  })

  test('adds its traffic to that of others', () => {
    const other = { ...worker, pid: 43 }
    const half = { bytes: 5_000_000 + 30_000_001 }
    expect(judge(probeOutput([worker, other], [worker, { ...other, ...half }]))).toMatchObject({
      value: { verdict: 'at-rest' },
    })
    expect(
      judge(
        probeOutput(
          [worker, other],
          [
            { ...worker, ...half },
            { ...other, ...half },
          ],
        ),
      ),
    ).toMatchObject({ value: { verdict: 'working' } })
  })

  test('whose traffic is not readable leaves the pod unknown, unless it hardly ran', () => {
    const hidden = { ...worker, bytes: null }
    expect(minute({ ...hidden, ranNs: null }, {})).toEqual({
      ok: false,
      error: 'some of its processes could not be read',
    })
    expect(minute({ ...hidden, ranNs: 5_000_000 }, { ranNs: 6_200_000 })).toMatchObject({
      value: { verdict: 'at-rest', diskBytesPerS: 0 },
    })
    expect(minute({ ...hidden, ranNs: 5_000_000 }, { ranNs: 6_200_001 })).toMatchObject({ ok: false })
    // New, so that nobody knows how long it ran before.
    expect(judge(probeOutput([], [{ ...hidden, ticks: 0, ranNs: 10 }]))).toMatchObject({ ok: false })
    expect(minute({ ...hidden, ranNs: null }, { ticks: 9_000 })).toMatchObject({
      value: { verdict: 'working', diskBytesPerS: null },
    })
  })

  test('whose counters fell leaves the pod unknown', () => {
    const wentBack = { ok: false, error: 'its counters went backwards' }
    expect(minute(worker, { ticks: 999 })).toEqual(wentBack)
    expect(minute(worker, { bytes: 4_999_999 })).toEqual(wentBack)
    expect(minute({ ...worker, diskBytes: 1 }, { diskBytes: 0 })).toEqual(wentBack)
  })

  test('cannot have used more than all cores', () => {
    expect(minute(worker, { ticks: 1e12 })).toMatchObject({ ok: false })
  })
})

describe('the network', () => {
  const network = (before: Record<string, [number, number]>, after: Record<string, [number, number]>) =>
    judge(reading(1, 100, [init, ...probe], before) + reading(2, 160, [init, ...probe], after))

  test('works above 1 MB/s of all its interfaces, in both directions', () => {
    const before = { eth0: [7, 8], eth1: [0, 0] } satisfies Record<string, [number, number]>
    expect(network(before, { eth0: [20_000_007, 20_000_008], eth1: [20_000_000, 0] })).toMatchObject({
      value: { verdict: 'at-rest', networkBytesPerS: 1_000_000 },
    })
    expect(network(before, { eth0: [20_000_007, 20_000_008], eth1: [20_000_000, 60] })).toMatchObject({
      value: { verdict: 'working' },
    })
  })

  test('counts what a pod sends to itself once', () => {
    expect(network({ lo: [0, 0] }, { lo: [60_000_000, 60_000_000] })).toMatchObject({
      value: { verdict: 'at-rest' },
    })
    expect(network({ lo: [0, 0] }, { lo: [60_000_060, 60_000_060] })).toMatchObject({
      value: { verdict: 'working' },
    })
  })

  test('leaves the pod unknown if an interface disappeared, fell or none is shown', () => {
    const eth = [5, 5] satisfies [number, number]
    expect(network({ eth0: eth, eth1: eth }, { eth0: eth })).toMatchObject({ ok: false })
    expect(network({ eth0: eth }, { eth0: [4, 5] })).toMatchObject({ ok: false })
    expect(network({}, {})).toMatchObject({ ok: false })
  })
})

describe('the look itself', () => {
  const busy = { ticks: 5_000, bytes: 900_000_000 }

  test('is no work: the probe, its children, its shell and its SSH session', () => {
    const session = [sshd, { ...sshd, pid: 51, parentPid: 50 }, { pid: 52, parentPid: 51, name: 'bash' }]
    const own = { pid: 70, parentPid: 52, name: 'sh' }
    const child = { pid: 71, parentPid: 70, name: 'sh' }
    const run = (after: readonly FakeProcess[]) =>
      judge(
        reading(1, 100, [init, ...session, own, child], undefined, 70) +
          reading(2, 160, [init, ...after], undefined, 70),
      )
    const all: readonly FakeProcess[] = [...session, own, child, { pid: 72, parentPid: 71, name: 'sleep' }]
    const working = (pid: number) => run(all.map((one) => (one.pid === pid ? { ...one, ...busy } : one)))
    for (const pid of [51, 52, 70, 71, 72])
      expect(working(pid), `process ${pid}`).toMatchObject({ value: { verdict: 'at-rest' } })
    // The server takes over the figures of sessions that end, so others' work would be hidden in it.
    expect(working(50)).toMatchObject({ value: { verdict: 'working' } })
    expect(run([...all, { pid: 73, parentPid: 52, name: 'sh', ...busy }])).toMatchObject({
      value: { verdict: 'working' },
    })
  })

  test('does not hide the first process of the pod', () => {
    expect(
      judge(
        reading(1, 100, [{ ...init, name: 'bash' }, ...probe]) +
          reading(2, 160, [{ ...init, name: 'bash', ...busy }, ...probe]),
      ),
    ).toMatchObject({ value: { verdict: 'working' } })
  })

  test('does not end with processes that are each other’s parents', () => {
    const loop = [
      { pid: 70, parentPid: 71, name: 'sh' },
      { pid: 71, parentPid: 70, name: 'sh' },
    ]
    const both =
      reading(1, 100, [init, ...loop], undefined, 70) + reading(2, 160, [init, ...loop], undefined, 70)
    expect(judge(both)).toMatchObject({ ok: true })
  })

  test('leaves the pod unknown if the first process, or any, is hidden from it', () => {
    expect(judge(reading(1, 100, [...probe]) + reading(2, 160, [...probe]))).toMatchObject({ ok: false })
    const hidden = (n: number, s: number) => reading(n, s, [init, ...probe]).replace('N ', 'U 33\nN ')
    expect(judge(hidden(1, 100) + reading(2, 160, [init, ...probe]))).toMatchObject({ ok: false })
    expect(judge(reading(1, 100, [init, ...probe]) + hidden(2, 160))).toMatchObject({ ok: false })
  })
})

describe('the time', () => {
  const clocks = (from: number, to: number, over: Partial<ProbeRun> = {}) =>
    judge(reading(1, from, [init, ...probe]) + reading(2, to, [init, ...probe]), over)

  test('is the pod’s own, and must agree with ours', () => {
    expect(clocks(100, 160)).toMatchObject({ value: { intervalMs: 60_000, at: at(65) } })
    expect(clocks(100, 159.95)).toMatchObject({ ok: true })
    for (const [from, to] of [
      [100, 100],
      [160, 100],
      [100, 120],
      [100, 170],
      [100, 9_000],
    ] as const)
      expect(clocks(from, to), `${from} to ${to}`).toMatchObject({ ok: false })
  })

  test('is unknown if this computer slept or its clock was set', () => {
    const slept = { ...at(65), wallMs: START_MS + 1_000_000 }
    expect(clocks(100, 160, { endedAt: slept })).toEqual({
      ok: false,
      error: "this computer's clock changed in the meantime",
    })
    expect(clocks(100, 160, { endedAt: { ...at(65), runId: 'run-2' } })).toMatchObject({ ok: false })
  })
})

describe('the script', () => {
  test('writes nothing: all its output goes to the terminal', () => {
    const targets = [...probeScript(60).matchAll(/\d?>+\s*(\S+)/g)].map(([, file]) => file)
    expect(targets).toEqual(['/dev/null'])
  })

  test('runs no program but sleep', () => {
    const known =
      /^(exec|export|o=|c=|p=|s=|m=|i=|z=|f=|v=|n=|\w+\(\)|echo|read|for|do|done|while|if|fi|then|elif|continue|case|esac|\[|set|printf|look|sleep|\}|\w+:\)|\*:\*\)|;;)/
    for (const line of probeScript(60).split('\n')) expect(line).toMatch(known)
    expect(probeScript(60).match(/^sleep .*/gm)).toEqual(['sleep 60'])
  })
})

test('a reading is shown with figures, and no name can do harm', () => {
  const base = { verdict: 'working', at: at(0), intervalMs: 60_000, processCount: 3 } as const
  const busiest = { name: 'python3', percentOfCore: 97.4 }
  expect(insideText({ ...base, busiest, diskBytesPerS: 12_400_000, networkBytesPerS: 0 })).toBe(
    'python3 used 97% of one core; disk 12 MB/s, network 0 MB/s',
  )
  expect(
    insideText({
      ...base,
      busiest: { name: '\u001b[2Jx\u202e', percentOfCore: 0.2 },
      diskBytesPerS: null,
      networkBytesPerS: 30_000,
    }),
  ).toBe('[2Jx used <1% of one core; disk unknown, network <0.1 MB/s')
  expect(insideText({ ...base, busiest: null, diskBytesPerS: 1_250_000, networkBytesPerS: 1 })).toBe(
    'no process used the CPU; disk 1.3 MB/s, network <0.1 MB/s',
  )
})
