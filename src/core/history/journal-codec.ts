import { createByteReader, createByteWriter, crc32 } from './bytes'
import { MAX_GPUS, type UsageSample } from './usage'
import { bytePercent, byteState, percentByte, stateByte } from './usage-codec'

/*
 * The samples of the present hour: a header, and a frame for each poll, of two marks, the length and the CRC-32 of the
 * samples, and the samples. What a crash cut off or the disk damaged is left out up to the next frame that is whole.
 */

const MARKS = [0xf5, 0x9e] as const
const FRAME_HEAD = 10
/** A list of 1,000 pods with 8 GPUs each needs 50 kB. */
const MAX_FRAME_BYTES = 4_000_000

/** `samples` of one poll. */
export function encodeFrame(samples: readonly UsageSample[]): Uint8Array {
  const body = createByteWriter(samples.length * 32 + 16)
  body.varint(samples.length)
  for (const sample of samples) {
    body.text(sample.podId)
    body.varint(sample.atMs)
    body.byte(stateByte(sample))
    body.byte(sample.gpus.length)
    for (const { util, memory } of sample.gpus) {
      body.byte(percentByte(util))
      body.byte(percentByte(memory))
    }
    body.byte(percentByte(sample.cpu))
    body.byte(percentByte(sample.memory))
  }
  const bytes = body.done()
  const frame = createByteWriter(bytes.length + FRAME_HEAD)
  for (const mark of MARKS) frame.byte(mark)
  frame.uint32(bytes.length)
  frame.uint32(crc32(bytes))
  frame.bytes(bytes)
  return frame.done()
}

/** The samples of all whole frames in `bytes`, in their order. `podId`: only those of this pod; null: all. */
export function decodeFrames(bytes: Uint8Array, podId: string | null = null): readonly UsageSample[] {
  const samples: UsageSample[] = []
  let at = 0
  while (at + FRAME_HEAD <= bytes.length) {
    const body = frameAt(bytes, at)
    if (body === null) {
      at += 1
      continue
    }
    try {
      addSamples(body, podId, samples)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
    }
    at += FRAME_HEAD + body.length
  }
  return samples
}

/** The content of the frame at `at`; null: there is none, or it is not whole. */
function frameAt(bytes: Uint8Array, at: number): Uint8Array | null {
  if (MARKS.some((mark, index) => bytes[at + index] !== mark)) return null
  const head = createByteReader(bytes.subarray(at + MARKS.length, at + FRAME_HEAD))
  const [length, crc] = [head.uint32(), head.uint32()]
  if (length > MAX_FRAME_BYTES || at + FRAME_HEAD + length > bytes.length) return null
  const body = bytes.subarray(at + FRAME_HEAD, at + FRAME_HEAD + length)
  return crc32(body) === crc ? body : null
}

function addSamples(body: Uint8Array, podId: string | null, samples: UsageSample[]): void {
  const reader = createByteReader(body)
  for (let left = reader.varint(); left > 0; left--) {
    // Most samples are of other pods, and their ids are compared without being made.
    const isOther = podId !== null && !reader.isText(podId)
    const ownId = podId === null ? reader.text() : podId
    const atMs = reader.varint()
    const state = byteState(reader.byte())
    const gpuCount = reader.byte()
    if (gpuCount > MAX_GPUS) throw new RangeError('too many GPUs')
    if (isOther) {
      reader.bytes(gpuCount * 2 + 2)
      continue
    }
    const gpus = Array.from({ length: gpuCount }, () => ({
      util: bytePercent(reader.byte()),
      memory: bytePercent(reader.byte()),
    }))
    const [cpu, memory] = [bytePercent(reader.byte()), bytePercent(reader.byte())]
    samples.push({ podId: ownId, atMs, ...state, gpus, cpu, memory })
  }
}
