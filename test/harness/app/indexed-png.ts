import { crc32, deflateSync, inflateSync } from 'node:zlib'
import type { PNG } from 'pngjs'

/** Step size of a color channel: coarse enough for a palette, too fine to be visible. */
const STEP = 16
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * Encodes a screenshot as a PNG with a palette, with colors rounded to steps of 16, because pngjs can read such files
 * but not write them. Throws if there are still more than 256 colors, which the app's windows don't have.
 */
export function indexedPng({ width, height, data }: PNG): Buffer {
  const indices = new Map<number, number>()
  // Each row begins with its filter type; 0 (none) suits palette indexes best.
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      const colour = (rounded(data[at]) << 16) | (rounded(data[at + 1]) << 8) | rounded(data[at + 2])
      const index = indices.get(colour) ?? indices.size
      indices.set(colour, index)
      rows[y * (width + 1) + 1 + x] = index
    }
  if (indices.size > 256) throw new Error(`${indices.size} colours are too many for a palette`)
  const palette = Buffer.from([...indices.keys()].flatMap((c) => [c >> 16, (c >> 8) & 0xff, c & 0xff]))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const rounded = (channel = 0): number => Math.min(255, Math.round(channel / STEP) * STEP)

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/**
 * Whether the colors of `seen`, a screenshot, rounded, are exactly those of `kept`, a picture by `indexedPng`. Several
 * times faster than decoding and comparing both with a tolerance, which false leaves to the caller: the pictures may
 * differ, or be of a kind that isn't read here.
 */
export function hasRoundedColors(kept: Buffer, seen: Buffer): boolean {
  const [palette, indexed, picture] = [chunksOf(kept, 'PLTE'), headerOf(kept), headerOf(seen)]
  const samples = picture.colorType === 2 ? 3 : 4
  const isReadable =
    indexed.colorType === 3 &&
    (picture.colorType === 2 || picture.colorType === 6) &&
    [indexed, picture].every(({ bitDepth, interlace }) => bitDepth === 8 && interlace === 0)
  if (!isReadable || indexed.width !== picture.width || indexed.height !== picture.height) return false
  const { width, height } = picture
  const indices = inflateSync(chunksOf(kept, 'IDAT'))
  const rows = inflateSync(chunksOf(seen, 'IDAT'))
  const rowLength = width * samples
  let above = new Uint8Array(rowLength)
  for (let y = 0; y < height; y++) {
    const at = y * (rowLength + 1)
    const row = rows.subarray(at + 1, at + 1 + rowLength)
    unfilter(rows[at], row, above, samples)
    above = row
    const indexAt = y * (width + 1)
    if (indices[indexAt] !== 0) return false
    for (let x = 0; x < width; x++) {
      const sample = x * samples
      const color = indices[indexAt + 1 + x]! * 3
      if (
        ROUNDED[row[sample]!] !== palette[color] ||
        ROUNDED[row[sample + 1]!] !== palette[color + 1] ||
        ROUNDED[row[sample + 2]!] !== palette[color + 2] ||
        (samples === 4 && row[sample + 3] !== 255)
      )
        return false
    }
  }
  return true
}

const ROUNDED = Uint8Array.from({ length: 256 }, (_, channel) => rounded(channel))

function headerOf(png: Buffer) {
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    bitDepth: png[24],
    colorType: png[25],
    interlace: png[28],
  }
}

/** The joined content of all chunks of this type. */
function chunksOf(png: Buffer, type: string): Buffer {
  const contents: Buffer[] = []
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === type) contents.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return Buffer.concat(contents)
}

/** Restores a row in place; `above` is the row before it. See "Filter algorithms" in the PNG specification. */
function unfilter(filter: number | undefined, row: Uint8Array, above: Uint8Array, samples: number): void {
  for (let at = 0; filter !== 0 && at < row.length; at++) {
    const left = at < samples ? 0 : row[at - samples]!
    const up = above[at]!
    let predicted = left
    if (filter === 2) predicted = up
    else if (filter === 3) predicted = (left + up) >> 1
    else if (filter === 4) predicted = paeth(left, up, at < samples ? 0 : above[at - samples]!)
    // A byte wraps around.
    row[at]! += predicted
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft)
  const toUp = Math.abs(left - upLeft)
  const toUpLeft = Math.abs(left + up - 2 * upLeft)
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}
