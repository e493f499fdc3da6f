import { createByteReader, createByteWriter, crc32 } from './bytes'

/*
 * A file of the history: a head of 16 bytes (eight letters, the version, three zeros, the length of the index), then
 * the index with its CRC-32, then a block for each pod, which is compressed. Journals have the same head without an
 * index.
 */

const LETTERS = Array.from('PKUSAGE1', (letter) => letter.charCodeAt(0))
/** Files of a higher version are neither read nor changed nor removed. */
export const HISTORY_VERSION = 1
export const HEAD_BYTES = 16
/** 1,000 pods with long ids need 300 kB. */
const MAX_INDEX_BYTES = 16_000_000

export type HistoryHead =
  | { readonly kind: 'ours'; readonly indexBytes: number }
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged' }

export interface SegmentEntry {
  readonly podId: string
  /** From the start of the file. */
  readonly offset: number
  readonly length: number
  readonly crc: number
}

export function encodeHead(indexBytes = 0): Uint8Array {
  const head = createByteWriter(HEAD_BYTES)
  for (const letter of LETTERS) head.byte(letter)
  head.byte(HISTORY_VERSION)
  for (let zero = 0; zero < 3; zero++) head.byte(0)
  head.uint32(indexBytes)
  return head.done()
}

/** `bytes`: the first `HEAD_BYTES` of a file, or as many as there are. */
export function parseHead(bytes: Uint8Array): HistoryHead {
  if (bytes.length < HEAD_BYTES) return { kind: 'damaged' }
  if (LETTERS.some((letter, index) => bytes[index] !== letter)) return { kind: 'damaged' }
  const version = bytes[LETTERS.length] ?? 0
  if (version > HISTORY_VERSION) return { kind: 'newer' }
  const indexBytes = createByteReader(bytes.subarray(12, HEAD_BYTES)).uint32()
  return version === HISTORY_VERSION && indexBytes <= MAX_INDEX_BYTES
    ? { kind: 'ours', indexBytes }
    : { kind: 'damaged' }
}

export function encodeSegment(blocks: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = createByteWriter(blocks.size * 32 + 16)
  entries.varint(blocks.size)
  for (const [podId, block] of blocks) {
    entries.text(podId)
    entries.varint(block.length)
    entries.uint32(crc32(block))
  }
  const list = entries.done()
  const index = createByteWriter(list.length + 4)
  index.uint32(crc32(list))
  index.bytes(list)
  const segment = createByteWriter(
    list.length + [...blocks.values()].reduce((sum, { length }) => sum + length, 64),
  )
  segment.bytes(encodeHead(list.length + 4))
  segment.bytes(index.done())
  for (const block of blocks.values()) segment.bytes(block)
  return segment.done()
}

/** `bytes`: the index alone, as long as the head says. Null: it is damaged. */
export function parseIndex(bytes: Uint8Array): readonly SegmentEntry[] | null {
  try {
    const crc = createByteReader(bytes).uint32()
    const list = bytes.subarray(4)
    if (crc32(list) !== crc) return null
    const reader = createByteReader(list)
    let offset = HEAD_BYTES + bytes.length
    return Array.from({ length: reader.varint() }, () => {
      const entry = { podId: reader.text(), offset, length: reader.varint(), crc: reader.uint32() }
      offset += entry.length
      return entry
    })
  } catch (cause) {
    if (cause instanceof RangeError) return null
    throw cause
  }
}
