import { expect, it, vi } from 'vitest'
import type { PodDay, Work } from '../../../bench/podguard/pod-day'
import { startFakeRunpod } from '../../../bench/podguard/fake-runpod'
import { runPodDay, type Shell } from '../../../bench/podguard/run-day'
import { guardShells, runPodDays } from '../../../bench/podguard/run-days'

// Real shells, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const day = (more: Partial<PodDay>): PodDay => ({
  seed: 1,
  lengthS: 2_280,
  idleLimitS: 600,
  maxS: 0,
  gpus: 2,
  hasConsent: true,
  terminals: 1,
  program: 'curl',
  work: [],
  blind: [],
  api: [],
  held: [],
  gaps: [],
  fullDisk: [],
  extensions: [],
  wallJumps: [],
  uptimeJumps: [],
  ...more,
})

/** When each of the pods is stopped, in seconds; null: not at all. */
async function stopsOf(days: readonly Partial<PodDay>[], shell: Shell = ['dash']) {
  const runpod = await startFakeRunpod()
  try {
    const records = await Promise.all(
      days.map((more, index) => runPodDay(day({ seed: index + 1, ...more }), shell, runpod)),
    )
    expect(records.flatMap(({ offenses }) => offenses)).toEqual([])
    return records.map(({ stoppedAtS }) => stoppedAtS)
  } finally {
    await runpod.close()
  }
}

const always = <T>(kind: T) => [{ fromS: 0, toS: 10_000, kind }]

// `npm run bench -- podguard` has more of them, and whole days.
it('a guard stops idle and overdue pods in days by seed, and no others', async () => {
  const { problems, stops, kept } = await runPodDays(101, 4, 3, 2)
  expect(problems).toEqual([])
  expect(Math.min(stops.idle + stops.deadline, kept)).toBeGreaterThan(0)
})

it.each(guardShells)('%s: an idle pod is stopped half an hour after the first warning', async (...shell) => {
  const [stoppedAtS] = await stopsOf([{ terminals: 0 }], shell as unknown as Shell)
  expect(stoppedAtS).toBeGreaterThan(1_800)
  expect(stoppedAtS).toBeLessThan(2_000)
})

it('a guard leaves a pod alone in which anything happens, is kept, or can’t be read', async () => {
  const works: readonly Work[] = [
    'gpu',
    'cpu',
    'disk',
    'network',
    'job',
    'input',
    'memory',
    'gpu-memory',
    'hidden',
  ]
  const others: readonly Partial<PodDay>[] = [
    { hasConsent: false },
    { held: always('lease') },
    { blind: always('gpu-garbage') },
    { blind: always('process') },
    { api: always('locked') },
    { api: always('garbage') },
  ]
  const stops = await stopsOf([...works.map((kind) => ({ work: always(kind) })), ...others])
  expect(stops).toEqual(stops.map(() => null))
})
