import { cleanText } from '../logs/clean-line'
import { parsePodKey } from '../pods/pod'
import { incompleteCharacter } from '../terminal/output/partial-sequence'
import type { LogPiece } from './host/job-host'
import type { JobRun } from './jobs/job'
import type { HostOf, QueueOptions } from './queue-ports'

const TAIL_BYTES = 4_096

/** A part of a log, safe to show. */
export interface LogText {
  /** Whole lines, or a part of a line that is longer than the piece. A progress bar is shown as it was drawn last. */
  readonly text: string
  /** What was printed of the next line. The next piece has it again, with what follows. */
  readonly unfinishedLine: string
  /** Where the next piece starts. */
  readonly nextByte: number
  /** Of the whole log. */
  readonly sizeBytes: number
}

const LINE_FEED = 10

/** `isOver`: the job prints nothing any more, so that even a part of a character is all there is. */
export function toLogText(
  { bytes, sizeBytes }: LogPiece,
  { fromByte, maxBytes, isOver }: { fromByte: number; maxBytes: number; isOver: boolean },
  decodeText: (bytes: Uint8Array) => string,
): LogText {
  const whole = isOver && fromByte + bytes.length >= sizeBytes ? bytes : wholeCharacters(bytes)
  const afterLines = bytes.lastIndexOf(LINE_FEED) + 1
  const end = afterLines > 0 || bytes.length < maxBytes ? afterLines : whole.length
  return {
    text: cleanLog(decodeText(bytes.subarray(0, end))),
    unfinishedLine: cleanLog(decodeText(whole.subarray(end))),
    nextByte: fromByte + end,
    sizeBytes,
  }
}

/** The bytes without a part of a character at their end, unless that is all. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - incompleteCharacter(bytes).length
  return end === 0 ? bytes : bytes.subarray(0, end)
}

const cleanLog = (text: string): string => text.split('\n').map(cleanText).join('\n')

/**
 * Whether the end of a run's log says that a GPU's memory was full. False where the log can't be read. See
 * docs/product-rules.md#15-queue-of-experiments.
 */
export async function ranOutOfGpuMemory(
  run: JobRun,
  hostOf: HostOf,
  { pods, decodeText }: Pick<QueueOptions, 'pods' | 'decodeText'>,
): Promise<boolean> {
  const pod = pods().find(({ key }) => key === run.podKey)?.pod
  if (pod === undefined) return false
  const host = hostOf(parsePodKey(run.podKey).accountId)
  const size = await host.readLog(pod, run.id, 0, 1)
  if (!size.ok) return false
  const tail = await host.readLog(pod, run.id, Math.max(0, size.value.sizeBytes - TAIL_BYTES), TAIL_BYTES)
  return tail.ok && OUT_OF_GPU_MEMORY.test(decodeText(tail.value.bytes))
}

/** As PyTorch, TensorFlow, JAX and CUDA itself report it. */
const OUT_OF_GPU_MEMORY =
  /(?:CUDA|HIP) (?:error: )?out of memory|torch(?:\.cuda)?\.OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|RESOURCE_EXHAUSTED: Out of memory|ResourceExhaustedError/i
