import { expect, it, vi } from 'vitest'
import { type PodDay, quietDay, type Work, works } from '../../../bench/podguard/pod-day'
import { startFakeRunpod } from '../../../bench/podguard/fake-runpod'
import type { ShellCommand } from '../../../bench/processes'
import { type DayRecord, runPodDay } from '../../../bench/podguard/run-day'
import { guardShells, runPodDays } from '../../../bench/podguard/run-days'

// Real shells, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

async function recordsOf(
  days: readonly Partial<PodDay>[],
  shell: ShellCommand = ['dash'],
): Promise<readonly DayRecord[]> {
  const runpod = await startFakeRunpod()
  try {
    const records = await Promise.all(
      days.map((more, index) => runPodDay(quietDay({ seed: index + 1, ...more }), shell, runpod)),
    )
    expect(records.flatMap(({ offenses }) => offenses)).toEqual([])
    return records
  } finally {
    await runpod.close()
  }
}

/** When each of the pods is stopped, in seconds; null: not at all. */
const stopsOf = async (days: readonly Partial<PodDay>[], shell?: ShellCommand) =>
  (await recordsOf(days, shell)).map(({ stoppedAtS }) => stoppedAtS)

const always = <T>(kind: T) => [{ fromS: 0, toS: 10_000, kind }]
/** As few readings as can be. */
const sparse = { stepS: 140, lengthS: 2_500 }
/** A terminal that is new counts as used for half an hour. */
const withTerminal = { terminals: 1, stepS: 140, lengthS: 4_400 }
const overdue = { ...sparse, idleLimitS: 0, maxS: 600 }

// `npm run bench -- podguard` has more of them, and whole days.
it('a guard stops idle and overdue pods in days by seed, and no others', async () => {
  const { problems, stops, kept } = await runPodDays(107, 3, 2, 2)
  expect(problems).toEqual([])
  expect(Math.min(stops.idle + stops.deadline, kept)).toBeGreaterThan(0)
})

it.each(guardShells)('%s: an idle pod is stopped half an hour after the first warning', async (...shell) => {
  const [stoppedAtS] = await stopsOf([{}], shell as unknown as ShellCommand)
  expect(stoppedAtS).toBeGreaterThan(1_800)
  expect(stoppedAtS).toBeLessThan(2_000)
})

it('a guard stops a pod by each program, at its deadline, and with a terminal that nobody uses', async () => {
  const stops = await stopsOf([
    { ...sparse, program: 'python3' },
    { ...sparse, program: 'wget' },
    overdue,
    withTerminal,
  ])
  expect(stops).toEqual(stops.map(() => expect.any(Number)))
})

it('a guard leaves a pod alone in which anything happens, is kept, or can’t be read', async () => {
  const dayOf = (kind: Work): Partial<PodDay> => ({
    ...(kind === 'input' ? withTerminal : sparse),
    work: always(kind),
  })
  const others: readonly Partial<PodDay>[] = [
    { hasConsent: false },
    { held: always('lease') },
    // By the clock that the lease was written by, which leapt.
    { held: always('lease'), uptimeJumps: [{ atS: 100, byS: 10_000 }] },
    { blind: always('gpu-garbage') },
    { blind: always('process') },
    { api: always('locked') },
    { api: always('garbage') },
  ]
  const stops = await stopsOf([...works.map(dayOf), ...others.map((more) => ({ ...sparse, ...more }))])
  expect(stops).toEqual(stops.map(() => null))
})

it('a guard gives a stop up for what it is told while it reads the pod', async () => {
  const stops = await stopsOf([
    { ...sparse, meanwhile: 'lease' },
    { ...sparse, meanwhile: 'keep' },
    { ...sparse, meanwhile: 'report' },
    { ...sparse, meanwhile: 'garbage' },
    { ...overdue, meanwhile: 'deadline' },
    // Overdue, too, but of that stop it has not warned for long enough.
    { ...overdue, maxS: 100, lengthS: 1_000, asks: [{ atS: 280, forS: 600 }], meanwhile: 'unasked' },
  ])
  expect(stops).toEqual(stops.map(() => null))
})

it('a hold that ended does not come back with the container, and one that did not goes on for what was left', async () => {
  const hold = (leftS: number, isSameBoot: boolean) => ({
    earlierHold: { forS: 14_400, leftS, isSameBoot },
    lengthS: 3_900,
  })
  const [ended, endedBefore, short, shortElsewhere, long] = await stopsOf([
    hold(-600, true),
    hold(0, false),
    hold(1_500, true),
    hold(1_500, false),
    hold(9_000, false),
  ])
  for (const stoppedAtS of [ended, endedBefore]) expect(stoppedAtS).toBeLessThan(2_000)
  for (const stoppedAtS of [short, shortElsewhere]) {
    expect(stoppedAtS).toBeGreaterThanOrEqual(1_500 + 1_800)
    expect(stoppedAtS).toBeLessThan(1_500 + 2_000)
  }
  expect(long).toBeNull()
})

const other = { idleLimitS: 0, deadlineS: 0, hasConsent: true, held: [] }

it('of two computers, the shorter idle limit and the earlier deadline count, whichever is whose', async () => {
  const [idle, idleOfOther, deadline, deadlineOfOther] = await stopsOf([
    { ...sparse, idleLimitS: 600, other: { ...other, idleLimitS: 20_000 } },
    { ...sparse, idleLimitS: 20_000, other: { ...other, idleLimitS: 600 } },
    { ...overdue, other: { ...other, deadlineS: 20_000 } },
    { ...sparse, idleLimitS: 0, maxS: 20_000, other: { ...other, deadlineS: 600 } },
  ])
  for (const stoppedAtS of [idle, idleOfOther, deadline, deadlineOfOther]) {
    expect(stoppedAtS).toBeGreaterThan(1_800)
    expect(stoppedAtS).toBeLessThan(2_500)
  }
})

it('a computer that carries out its own rules holds only these, and one that keeps the pod running holds all', async () => {
  const [awake, asleep, both, kept, unagreed] = await stopsOf([
    // The server is awake all night, and the deadline is that of a laptop that sleeps.
    { ...sparse, idleLimitS: 20_000, held: always('lease'), other: { ...other, deadlineS: 600 } },
    { ...overdue, other: { ...other, held: always('lease') } },
    { ...overdue, held: always('lease'), other: { ...other, deadlineS: 600, held: always('lease') } },
    { ...overdue, other: { ...other, held: always('keep') } },
    { ...sparse, idleLimitS: 0, other: { ...other, deadlineS: 600, hasConsent: false } },
  ])
  for (const stoppedAtS of [awake, asleep]) expect(stoppedAtS).toBeLessThan(2_500)
  for (const stoppedAtS of [both, kept, unagreed]) expect(stoppedAtS).toBeNull()
})

it('a guard that takes the place of another goes on with its idle time, terminals included, and warns anew', async () => {
  const upgraded = (more: Partial<PodDay> = {}) => ({
    idleLimitS: 3_600,
    upgrade: { atS: 1_500 },
    stepS: 140,
    lengthS: 4_600,
    ...more,
  })
  const [replaced, watched, worked] = await stopsOf([
    upgraded(),
    upgraded({
      terminals: 1,
      idleLimitS: 1_600,
      upgrade: { atS: 3_000 },
      lengthS: 5_200,
    }),
    // What happens meanwhile isn't missed.
    upgraded({ work: [{ fromS: 1_500, toS: 1_600, kind: 'cpu' }] }),
  ])
  expect(replaced).toBeGreaterThanOrEqual(3_600)
  expect(replaced).toBeLessThan(4_400)
  expect(watched).toBeGreaterThanOrEqual(3_000 + 1_800)
  expect(worked).toBeNull()
})

it('use that a Podkeeper saw counts as input, and no idle time is longer than since then', async () => {
  const [used, told] = await stopsOf([
    { remoteUse: [{ fromS: 0, toS: 1_000, kind: 'use' }], lengthS: 6_000, idleLimitS: 600 },
    // The guard hears of it when it had counted for long already.
    { remoteUse: [{ fromS: 1_200, toS: 1_201, kind: 'use' }], lengthS: 6_000, idleLimitS: 2_400 },
  ])
  // Half an hour as after input, then the time of the rule.
  expect(used).toBeGreaterThan(1_000 + 1_800 + 600)
  expect(used).toBeLessThan(1_000 + 1_800 + 2_200)
  expect(told).toBeGreaterThan(1_200 + 1_800 + 2_400)
})

it('what can’t be read at every second reading is no idle time', async () => {
  const blind = Array.from({ length: 20 }, (_, i) => ({
    fromS: 120 * i + 50,
    toS: 120 * i + 70,
    kind: 'process' as const,
  }))
  expect(await stopsOf([{ blind }])).toEqual([null])
})

it('a terminal that is opened counts as used, unless a look of a Podkeeper opened it', async () => {
  const session = { fromS: 50, toS: 70 }
  const [look, person] = await stopsOf([
    { lengthS: 3_000, sessions: [{ ...session, kind: 'look' }] },
    { lengthS: 3_000, sessions: [{ ...session, kind: 'person' }] },
  ])
  // The lease of the look ends a quarter of an hour later.
  expect(look).toBeGreaterThan(70 + 900 + 1_800)
  expect(person).toBeNull()
})

it('a guard that is read by a Podkeeper that could not stop the pod stops it, although each look opens a terminal', async () => {
  const looks = (kind: 'look' | 'weak-look') =>
    Array.from({ length: 12 }, (_, i) => ({ fromS: 50 + 300 * i, toS: 70 + 300 * i, kind }))
  const day = { lengthS: 3_600, idleLimitS: 600 }
  const [left, claimed] = await stopsOf([
    { ...day, sessions: looks('weak-look') },
    { ...day, sessions: looks('look') },
  ])
  expect(left).toBeGreaterThan(600)
  expect(claimed).toBeNull()
})

it('a guard warns again of what was put off after its last warning', async () => {
  const [record] = await recordsOf([
    {
      idleLimitS: 0,
      maxS: 600,
      terminals: 1,
      lengthS: 3_000,
      extensions: [{ atS: 1_600, untilS: 2_700 }],
    },
  ])
  expect(record?.stoppedAtS).toBeGreaterThanOrEqual(2_700)
  expect(record?.warnings.map(({ text }) => text.split(' 5 min').length - 1)).toEqual([0, 1, 2])
  expect(record?.warnings[2]?.atS).toBeGreaterThan(2_300)
})

it('a person who asks for the stop gets it at once, for a while, and it warns of no other one', async () => {
  const [asked, unbounded, failed] = await stopsOf([
    { ...sparse, asks: [{ atS: 280, forS: 600 }] },
    { ...sparse, lengthS: 1_500, asks: [{ atS: 280, forS: 5_000 }] },
    {
      lengthS: 2_900,
      asks: [{ atS: 60, forS: 600 }],
      api: [{ fromS: 0, toS: 700, kind: 'locked' }],
    },
  ])
  expect(asked).toBeLessThan(500)
  expect(unbounded).toBeNull()
  expect(failed).toBeGreaterThanOrEqual(660 + 1_800)
})

it('a guard says when it stops the pod by the clock that it is read with, which may have leapt', async () => {
  const [record] = await recordsOf([{ lengthS: 1_200, uptimeJumps: [{ atS: 100, byS: 10_000 }] }])
  const number = (pattern: RegExp): number => Number(pattern.exec(record?.lastStatus ?? '')?.[1])
  const leftS = number(/^due idle \S+ (\d+)$/m) - number(/^beat (\d+)$/m)
  expect(leftS).toBeGreaterThan(500)
  expect(leftS).toBeLessThan(1_800)
})
