import { DAY_MS, HOUR_MS } from '../base/time/time'
import type { HistoryFiles } from './history-files'
import { parseJournalName, type SegmentKind, segmentName, type SegmentName } from './history-names'
import {
  decodeOr,
  expandOrNull,
  isNewer,
  readBlock,
  readIndex,
  readJournal,
  samplesInSegments,
  segmentsIn,
} from './history-reader'
import { floorTo, mergeRows, mergeSamples, rollUp } from './rollup'
import { encodeSegment } from './segment-codec'
import { MAX_TIME_MS, type UsageRow, type UsageSample, type UsageStep, usageSteps } from './usage'
import { decodeRows, decodeSamples, encodeRows, encodeSamples } from './usage-codec'

/** Samples are kept by whole days, while fewer hours than these are newer. */
const SAMPLE_HOURS = 24
const MINUTE_DAYS = 7
const HOUR_DAYS = 90

/**
 * Returns a function that moves what is in the journals to segments, all but the open journal, and condenses old
 * segments. Everything it does can be done again after a crash, since what was moved already changes nothing.
 */
export function createHistoryCondenser(
  files: HistoryFiles,
  nowMs: () => number,
): (openJournal: string | null) => Promise<void> {
  async function moveAndCondense(openJournal: string | null): Promise<void> {
    const names = files.list().filter((name) => parseJournalName(name) !== null && name !== openJournal)
    await forEach([() => forEach(names.sort(), moveJournal), condenseDays, removeOld], (step) => step())
  }

  /** False: nothing may be written any more. */
  async function moveJournal(name: string): Promise<boolean> {
    if (isNewer(files, name)) return true
    for (const [hourMs, byPod] of byHourAndPod(readJournal(files, name, null)))
      if (!(await addSamples(hourMs, byPod))) return false
    return removeOwn(name)
  }

  /** False: nothing may be written any more. */
  function addSamples(hourMs: number, byPod: ReadonlyMap<string, readonly UsageSample[]>): Promise<boolean> {
    return change(segmentName('samples', hourMs), byPod, (samples, before, podId) =>
      encodeSamples(
        mergeSamples(before === null ? [] : decodeOr([], () => decodeSamples(podId, before)), samples),
      ),
    )
  }

  /** Condenses the days of which samples are kept no longer. */
  function condenseDays(): Promise<boolean> {
    const hours = segmentsIn(files, 'samples', 0, MAX_TIME_MS)
    const days = inPastAndFuture(hours, nowMs()).flatMap((group) =>
      [...new Set(group.map(({ startMs }) => floorTo(startMs, DAY_MS)))]
        .filter((dayMs) => group.filter(({ startMs }) => startMs >= dayMs + DAY_MS).length >= SAMPLE_HOURS)
        .map((dayMs) => ({
          dayMs,
          hours: group.filter(({ startMs }) => floorTo(startMs, DAY_MS) === dayMs),
        })),
    )
    return forEach(days, (day) => condenseDay(day.dayMs, day.hours))
  }

  function removeOld(): Promise<boolean> {
    const old = (
      [
        ['minutes', MINUTE_DAYS],
        ['hours', HOUR_DAYS],
      ] as const
    ).flatMap(([kind, count]) =>
      inPastAndFuture(segmentsIn(files, kind, 0, MAX_TIME_MS), nowMs()).flatMap((group) =>
        group.slice(0, -count),
      ),
    )
    return forEach(old, async ({ name }) => removeOwn(name))
  }

  async function condenseDay(dayMs: number, hours: readonly SegmentName[]): Promise<boolean> {
    const own = hours.filter(({ name }) => !isNewer(files, name))
    const podIds = new Set(own.flatMap(({ name }) => readIndex(files, name).map(({ podId }) => podId)))
    const rows: Record<UsageStep, Map<string, readonly UsageRow[]>> = { minute: new Map(), hour: new Map() }
    for (const podId of podIds) {
      const samples = await samplesInSegments(files, podId, dayMs, dayMs + DAY_MS)
      for (const step of ['minute', 'hour'] as const) rows[step].set(podId, rollUp(samples, usageSteps[step]))
    }
    const isDone =
      (await addRows('minutes', 'minute', dayMs, rows.minute)) &&
      (await addRows('hours', 'hour', dayMs, rows.hour))
    return isDone && own.every(({ name }) => removeOwn(name))
  }

  function addRows(
    kind: SegmentKind,
    step: UsageStep,
    dayMs: number,
    byPod: ReadonlyMap<string, readonly UsageRow[]>,
  ): Promise<boolean> {
    const stepMs = usageSteps[step]
    return change(segmentName(kind, dayMs), byPod, (rows, before) =>
      encodeRows(
        mergeRows(before === null ? [] : decodeOr([], () => decodeRows(before, stepMs)), rows),
        stepMs,
      ),
    )
  }

  /** Writes a segment with the pods that it has already and those of `byPod`. False: it may not be written. */
  async function change<T>(
    name: string,
    byPod: ReadonlyMap<string, T>,
    encode: (added: T, before: Uint8Array | null, podId: string) => Uint8Array,
  ): Promise<boolean> {
    if (isNewer(files, name)) return true
    const blocks = new Map<string, Uint8Array>()
    for (const entry of readIndex(files, name)) {
      const block = readBlock(files, name, entry)
      if (block !== null) blocks.set(entry.podId, block)
    }
    for (const [podId, added] of byPod) {
      const before = blocks.get(podId)
      const expanded = before === undefined ? null : await expandOrNull(files, before)
      blocks.set(podId, await files.compress(encode(added, expanded, podId)))
    }
    if (!files.mayWrite()) return false
    files.replace(name, encodeSegment(blocks))
    return true
  }

  /** False: nothing may be removed any more. */
  function removeOwn(name: string): boolean {
    if (!files.mayWrite()) return false
    if (!isNewer(files, name)) files.remove(name)
    return true
  }

  return moveAndCondense
}

/**
 * Goes on after what fails, because one file that cannot be read or written must not keep the others from being moved,
 * and throws the first error at the end. False: `run` returned it, and the rest was left out.
 */
async function forEach<T>(items: readonly T[], run: (item: T) => Promise<boolean>): Promise<boolean> {
  const errors: unknown[] = []
  for (const item of items)
    try {
      if (!(await run(item))) return false
    } catch (cause) {
      errors.push(cause)
    }
  if (errors.length > 0) throw errors[0]
  return true
}

function byHourAndPod(
  samples: readonly UsageSample[],
): ReadonlyMap<number, ReadonlyMap<string, UsageSample[]>> {
  const hours = new Map<number, Map<string, UsageSample[]>>()
  for (const sample of samples) {
    const hourMs = floorTo(sample.atMs, HOUR_MS)
    const pods = hours.get(hourMs) ?? new Map<string, UsageSample[]>()
    hours.set(hourMs, pods)
    const ofPod = pods.get(sample.podId)
    if (ofPod === undefined) pods.set(sample.podId, [sample])
    else ofPod.push(sample)
  }
  return hours
}

/**
 * A clock that was ahead left files of the future, which take no place of those of the past, nor the other way around.
 */
function inPastAndFuture(
  segments: readonly SegmentName[],
  nowMs: number,
): readonly (readonly SegmentName[])[] {
  const isPast = ({ startMs }: SegmentName): boolean => startMs <= nowMs
  return [segments.filter(isPast), segments.filter((one) => !isPast(one))]
}
