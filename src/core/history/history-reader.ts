import { crc32 } from './bytes'
import type { HistoryFiles } from './history-files'
import {
  parseJournalName,
  parseSegmentName,
  type SegmentKind,
  type SegmentName,
  segmentSpans,
} from './history-names'
import { decodeFrames } from './journal-codec'
import { floorTo, mergeRows, mergeSamples, rollUp } from './rollup'
import { HEAD_BYTES, type HistoryHead, parseHead, parseIndex, type SegmentEntry } from './segment-codec'
import { type UsageRow, type UsageSample, type UsageStep, usageSteps } from './usage'
import { decodeRows, decodeSamples } from './usage-codec'

/** Reads the history of one account. What is damaged or of a newer version is left out. Nothing here throws. */
export interface HistoryReader {
  /** The samples of a pod from `fromMs` to before `toMs`, Unix ms, in the order of their time. */
  readonly samples: (podId: string, fromMs: number, toMs: number) => Promise<readonly UsageSample[]>
  /** Those of several pods at once. */
  readonly samplesOf: (
    podIds: readonly string[],
    fromMs: number,
    toMs: number,
  ) => Promise<ReadonlyMap<string, readonly UsageSample[]>>
  /** The same by step, from the samples where there are some. */
  readonly rows: (
    podId: string,
    fromMs: number,
    toMs: number,
    step: UsageStep,
  ) => Promise<readonly UsageRow[]>
}

/** An hour of samples of one pod needs 50 kB, a day of minutes 40 kB. */
const MAX_BLOCK_BYTES = 16_000_000
const MAX_JOURNAL_BYTES = 64_000_000

/** `unwritten`: frames of a journal that could not be written yet. */
export function createHistoryReader(
  historyFiles: HistoryFiles,
  unwritten: () => readonly Uint8Array[] = () => [],
): HistoryReader {
  const files = lenient(historyFiles)

  /** What is moved is in two places for a moment. It is read in the order of its moves, so that nothing is missed. */
  async function samplesOf(
    podIds: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, readonly UsageSample[]>> {
    const only = podIds.length === 1 ? (podIds[0] ?? null) : null
    const recent = new Map(podIds.map((podId): [string, UsageSample[]] => [podId, []]))
    for (const sample of [
      ...readJournals(files, only),
      ...unwritten().flatMap((frame) => decodeFrames(frame, only)),
    ])
      if (sample.atMs >= fromMs && sample.atMs < toMs) recent.get(sample.podId)?.push(sample)
    const found = new Map<string, readonly UsageSample[]>()
    for (const [podId, own] of recent)
      found.set(podId, mergeSamples(await samplesInSegments(files, podId, fromMs, toMs), own))
    return found
  }

  async function samples(podId: string, fromMs: number, toMs: number): Promise<readonly UsageSample[]> {
    return (await samplesOf([podId], fromMs, toMs)).get(podId) ?? []
  }

  return {
    samples,
    samplesOf,
    async rows(podId, fromMs, toMs, step) {
      const stepMs = usageSteps[step]
      const [firstMs, endMs] = [floorTo(fromMs, stepMs), Math.ceil(toMs / stepMs) * stepMs]
      const ofSamples = rollUp(await samples(podId, firstMs, endMs), stepMs)
      const kind = step === 'minute' ? 'minutes' : 'hours'
      const condensed: UsageRow[][] = []
      for (const { name } of segmentsIn(files, kind, firstMs, endMs))
        for (const bytes of await readBlocks(files, name, podId))
          condensed.push([...decodeOr([], () => decodeRows(bytes, stepMs))])
      return mergeRows(condensed.flat(), ofSamples).filter(
        ({ startMs }) => startMs >= firstMs && startMs < endMs,
      )
    },
  }
}

/** Who only reads takes a file that cannot be read for one that is not there. */
function lenient(files: HistoryFiles): HistoryFiles {
  const orElse = <T>(other: T, read: () => T): T => {
    try {
      return read()
    } catch {
      return other
    }
  }
  return {
    ...files,
    list: () => orElse([], () => files.list()),
    read: (name, offset, length) => orElse(null, () => files.read(name, offset, length)),
  }
}

/*
 * What follows is also what files are changed and removed by, and throws file system errors: a file that cannot be read
 * right now is not an empty one.
 */

/** Those that were moved into segments already. */
export async function samplesInSegments(
  files: HistoryFiles,
  podId: string,
  fromMs: number,
  toMs: number,
): Promise<readonly UsageSample[]> {
  const found: UsageSample[][] = []
  for (const { name } of segmentsIn(files, 'samples', fromMs, toMs))
    for (const bytes of await readBlocks(files, name, podId))
      found.push([...decodeOr([], () => decodeSamples(podId, bytes))])
  return mergeSamples(found.flat(), []).filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
}

/** The content of `decode`; `other` for what cannot be read. */
export function decodeOr<T>(other: T, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof RangeError) return other
    throw cause
  }
}

/** The pods of which there is a history, as far as it can be read. */
export function podsInHistory(historyFiles: HistoryFiles): ReadonlySet<string> {
  const files = lenient(historyFiles)
  const names = files.list()
  const inSegments = names.filter((name) => parseSegmentName(name) !== null)
  const inJournals = names.filter((name) => parseJournalName(name) !== null)
  return new Set([
    ...inSegments.flatMap((name) => readIndex(files, name).map(({ podId }) => podId)),
    ...inJournals.flatMap((name) => readJournal(files, name, null).map(({ podId }) => podId)),
  ])
}

/** The samples of a pod in all journals; null: of all pods. */
function readJournals(files: HistoryFiles, podId: string | null): readonly UsageSample[] {
  return files
    .list()
    .filter((name) => parseJournalName(name) !== null)
    .sort()
    .flatMap((name) => readJournal(files, name, podId))
}

export function readJournal(files: HistoryFiles, name: string, podId: string | null): readonly UsageSample[] {
  const bytes = files.read(name, 0, MAX_JOURNAL_BYTES)
  if (bytes === null || parseHead(bytes.subarray(0, HEAD_BYTES)).kind === 'newer') return []
  // A head that is damaged is no reason to lose the frames after it.
  return decodeFrames(bytes, podId)
}

/** Segments that overlap the time, the oldest first. */
export function segmentsIn(
  files: HistoryFiles,
  kind: SegmentKind,
  fromMs: number,
  toMs: number,
): readonly SegmentName[] {
  return files
    .list()
    .flatMap((name) => parseSegmentName(name) ?? [])
    .filter((one) => one.kind === kind && one.startMs < toMs && one.startMs + segmentSpans[kind] > fromMs)
    .sort((a, b) => a.startMs - b.startMs)
}

/** The expanded blocks of a pod in a segment, none of which is damaged. */
async function readBlocks(files: HistoryFiles, name: string, podId: string): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = []
  for (const entry of readIndex(files, name))
    if (entry.podId === podId) {
      const block = readBlock(files, name, entry)
      const bytes = block && (await expandOrNull(files, block))
      if (bytes) blocks.push(bytes)
    }
  return blocks
}

export function readIndex(files: HistoryFiles, name: string): readonly SegmentEntry[] {
  const head = readHead(files, name)
  if (head.kind !== 'ours') return []
  const index = files.read(name, HEAD_BYTES, head.indexBytes)
  return (index?.length === head.indexBytes && parseIndex(index)) || []
}

/** Null: it is damaged. */
export function readBlock(
  files: HistoryFiles,
  name: string,
  { offset, length, crc }: SegmentEntry,
): Uint8Array | null {
  if (length > MAX_BLOCK_BYTES) return null
  const block = files.read(name, offset, length)
  return block?.length === length && crc32(block) === crc ? block : null
}

export async function expandOrNull(files: HistoryFiles, block: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await files.expand(block, MAX_BLOCK_BYTES)
  } catch {
    return null
  }
}

const readHead = (files: HistoryFiles, name: string): HistoryHead =>
  parseHead(files.read(name, 0, HEAD_BYTES) ?? new Uint8Array())

/** Whether a newer version wrote the file, so that it is left alone. */
export const isNewer = (files: HistoryFiles, name: string): boolean => readHead(files, name).kind === 'newer'
