import { concatBytes } from '../../base/concat-bytes'
import {
  effectSequences,
  joinEffects,
  type LastingEffects,
  noEffects,
  type PlainOutput,
  readPlainOutput,
} from './plain-output'

/** Output that is parsed later, in order. What would have scrolled out by then is dropped. */
export interface PostponedOutput {
  append(bytes: Uint8Array): void
  /** The next part of what is left; null if nothing is. */
  takeFirst(): Uint8Array | null
  bytes(): number
}

interface OutputBlock {
  /** In order; joined when it is read. */
  parts: Uint8Array[]
  length: number
  /** Not read yet: undefined. Not plain: null. */
  plain?: PlainOutput | null
}

/** The granularity of what is dropped. */
const BLOCK_BYTES = 64 * 1024
/** More blocks are read with what is added next: reading one of many colors takes 4 ms. */
const MAX_READS = 2

/**
 * `linesUntilGone`: so many lines make all leave the terminal that is in it before what is postponed. Null while that
 * isn't certain.
 */
export function createPostponedOutput(
  linesUntilGone: () => number | null,
  blockBytes = BLOCK_BYTES,
): PostponedOutput {
  let blocks: OutputBlock[] = []
  let bytes = 0
  /** Of what was dropped in front of the first block. */
  let dropped: LastingEffects | null = null
  let readsLeft = 0

  /** Null: it isn't plain, or can't be read yet. What is incomplete at its end belongs to the block after it. */
  function read(index: number): PlainOutput | null {
    const block = blocks[index]
    const next = blocks[index + 1]
    if (block === undefined || next === undefined) return null
    if (block.plain !== undefined) return block.plain
    if (readsLeft === 0) return null
    readsLeft -= 1
    const data = concatBytes(block.parts)
    const plain = readPlainOutput(data)
    block.plain = plain
    block.parts = [data]
    if (plain !== null && plain.end < data.length) {
      block.parts = [data.subarray(0, plain.end)]
      block.length = plain.end
      next.parts.unshift(data.subarray(plain.end))
      next.length += data.length - plain.end
    }
    return plain
  }

  /**
   * The first block has no effect, save for what outlasts lines, if enough plain lines follow: from a carriage return
   * in the second block on, nothing depends on it, and what is in the third and later ones pushes all of it out.
   */
  function canDropFirst(neededLines: number): boolean {
    if (read(0) == null || read(1)?.hasReturn !== true) return false
    let lines = 0
    for (let index = 2; lines < neededLines; index += 1) {
      const plain = read(index)
      if (plain === null) return false
      lines += plain.lineFeeds
    }
    return true
  }

  function dropWhatIsGone(): void {
    const neededLines = linesUntilGone()
    if (neededLines === null) return
    while (canDropFirst(neededLines)) {
      const [first] = blocks
      const effects = first?.plain == null ? null : joinEffects(dropped ?? noEffects, first.plain.effects)
      if (effects === null || first === undefined) return
      dropped = effects
      blocks.shift()
      bytes -= first.length
    }
  }

  return {
    append(added) {
      if (added.length === 0) return
      const last = blocks.at(-1)
      if (last !== undefined && last.plain === undefined && last.length + added.length <= blockBytes) {
        last.parts.push(added)
        last.length += added.length
      } else blocks.push({ parts: [added], length: added.length })
      bytes += added.length
      readsLeft = MAX_READS
      // Fewer can't be enough.
      if (blocks.length > 3) dropWhatIsGone()
    },
    takeFirst() {
      const first = blocks.shift()
      if (first === undefined) return null
      bytes -= first.length
      const effects = dropped === null ? [] : effectSequences(dropped)
      dropped = null
      return concatBytes([...effects, ...first.parts])
    },
    bytes: () => bytes,
  }
}
