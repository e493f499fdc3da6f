/** The last output of a terminal, from which it is drawn anew after its process ended. */
export interface OutputHistory {
  /** `isOnAlternateScreen`: after these bytes. */
  append(bytes: Uint8Array, isOnAlternateScreen: boolean): void
  /** Keeps the line of the cursor only, as the terminal does. */
  clear(): void
  reset(): void
  /** From the beginning of a line; in order. */
  chunks(): readonly Uint8Array[]
}

const BLOCK_BYTES = 64 * 1024
/** 10,000 lines of 200 characters. */
const MAX_BLOCKS = 32
const LINE_FEED = 0x0a
const ALTERNATE_SCREEN = Buffer.from('\x1b[?1049h')

interface HistoryBlock {
  readonly bytes: Uint8Array
  length: number
  readonly startsOnAlternateScreen: boolean
}

export function createOutputHistory(): OutputHistory {
  let blocks: HistoryBlock[] = []
  let isOnAlternate = false
  let hasLostBeginning = false
  /** Whether what was dropped before the first block left a full-screen program on the screen. */
  let startsOnAlternate = false

  function lastBlock(): HistoryBlock {
    const last = blocks.at(-1)
    if (last !== undefined && last.length < BLOCK_BYTES) return last
    const added = {
      bytes: new Uint8Array(BLOCK_BYTES),
      length: 0,
      startsOnAlternateScreen: isOnAlternate,
    }
    blocks.push(added)
    if (blocks.length > MAX_BLOCKS) {
      blocks.shift()
      hasLostBeginning = true
      startsOnAlternate = blocks[0]?.startsOnAlternateScreen === true
    }
    return added
  }

  function append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const block = lastBlock()
      const part = bytes.subarray(from, from + BLOCK_BYTES - block.length)
      block.bytes.set(part, block.length)
      block.length += part.length
      from += part.length
    }
  }

  function chunks(): readonly Uint8Array[] {
    const kept = blocks.map(({ bytes, length }) => bytes.slice(0, length))
    const [first, ...rest] = kept
    const whole =
      first === undefined || !hasLostBeginning
        ? kept
        : [first.subarray(first.indexOf(LINE_FEED) + 1), ...rest]
    return startsOnAlternate ? [ALTERNATE_SCREEN, ...whole] : whole
  }

  function reset(): void {
    blocks = []
    hasLostBeginning = false
    startsOnAlternate = false
  }

  return {
    append(bytes, isOnAlternateScreen) {
      append(bytes)
      isOnAlternate = isOnAlternateScreen
    },
    clear() {
      const last = blocks.at(-1)
      const kept = last?.bytes.subarray(0, last.length) ?? new Uint8Array(0)
      const line = kept.slice(kept.lastIndexOf(LINE_FEED) + 1)
      reset()
      startsOnAlternate = isOnAlternate
      append(line)
    },
    reset,
    chunks,
  }
}
