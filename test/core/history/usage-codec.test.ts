import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createByteReader, createByteWriter, crc32 } from '../../../src/core/history/bytes'
import { decodeFrames, encodeFrame } from '../../../src/core/history/journal-codec'
import { mergeSamples, rollUp } from '../../../src/core/history/rollup'
import {
  encodeHead,
  encodeSegment,
  HEAD_BYTES,
  parseHead,
  parseIndex,
} from '../../../src/core/history/segment-codec'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { decodeRows, decodeSamples, encodeRows, encodeSamples } from '../../../src/core/history/usage-codec'
import { anySample, usageSample } from '../../harness/samples/usage-history'
import { anyCharacter } from '../../harness/base/any-character'

const times = fc.integer({ min: 0, max: 4_000_000_000_000 })
const ofOnePod = fc.array(anySample(times), { maxLength: 60 }).map((samples) =>
  mergeSamples(
    [],
    samples.map((sample) => ({ ...sample, podId: 'pod-1' })),
  ),
)

test('numbers and texts are read as they were written', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.string({ unit: anyCharacter }),
      fc.nat(0xffffffff),
      (number, text, word) => {
        const writer = createByteWriter(1)
        writer.varint(number)
        writer.text(text)
        writer.uint32(word)
        const reader = createByteReader(writer.done())
        expect([reader.varint(), reader.text(), reader.uint32(), reader.left()]).toEqual([
          number,
          text,
          word,
          0,
        ])
      },
    ),
  )
})

test('the checksum is that of zlib', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})

test('samples and rows are read as they were written', () => {
  fc.assert(
    fc.property(ofOnePod, (samples) => {
      expect(decodeSamples('pod-1', encodeSamples(samples))).toEqual(samples)
      const rows = rollUp(samples, MINUTE_MS)
      expect(decodeRows(encodeRows(rows, MINUTE_MS), MINUTE_MS)).toEqual(rows)
    }),
  )
})

test('bytes that nobody wrote are refused, or are samples and rows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const decode of [() => decodeSamples('x', bytes), () => decodeRows(bytes, MINUTE_MS)])
        try {
          for (const one of decode()) expect(one).toBeTypeOf('object')
        } catch (cause) {
          expect(cause).toBeInstanceOf(RangeError)
        }
      expect(decodeFrames(bytes)).toBeInstanceOf(Array)
    }),
    { numRuns: 1_000 },
  )
})

test('of a journal that was cut off or damaged at one place, only the frames there are lost', () => {
  const frames = fc.array(fc.array(anySample(times), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(frames, fc.nat(), fc.integer({ min: 1, max: 255 }), (polls, where, flip) => {
      const parts = polls.map(encodeFrame)
      const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
      expect(decodeFrames(bytes)).toEqual(polls.flat())
      const at = where % bytes.length
      let end = 0
      const whole = polls.filter((_, index) => {
        const start = end
        end += parts[index]?.length ?? 0
        return at < start || at >= end
      })
      const damaged = bytes.slice()
      damaged[at] = (damaged[at] ?? 0) ^ flip
      expect(decodeFrames(damaged)).toEqual(whole.flat())
      end = 0
      const before = parts.filter((part) => (end += part.length) <= at)
      expect(decodeFrames(bytes.subarray(0, at))).toEqual(polls.slice(0, before.length).flat())
    }),
  )
})

test('a journal gives the samples of one pod alone', () => {
  const bytes = encodeFrame([usageSample(), usageSample({ podId: 'pod-2', cpu: null })])
  expect(decodeFrames(bytes, 'pod-2')).toEqual([usageSample({ podId: 'pod-2', cpu: null })])
})

test('a segment names where the block of each pod is', () => {
  const blocks = new Map([
    ['pod-1', Uint8Array.of(1, 2, 3)],
    ['\ud800‮ρ', Uint8Array.of()],
    ['pod-3', Uint8Array.of(9)],
  ])
  const bytes = encodeSegment(blocks)
  const head = parseHead(bytes)
  expect(head.kind).toBe('ours')
  const indexBytes = head.kind === 'ours' ? head.indexBytes : 0
  const entries = parseIndex(bytes.subarray(HEAD_BYTES, HEAD_BYTES + indexBytes)) ?? []
  expect(
    new Map(entries.map(({ podId, offset, length }) => [podId, bytes.slice(offset, offset + length)])),
  ).toEqual(blocks)
  const damaged = bytes.slice(HEAD_BYTES, HEAD_BYTES + indexBytes)
  damaged[6] = (damaged[6] ?? 0) ^ 1
  expect(parseIndex(damaged)).toBeNull()
})

test('a file of a newer version is distinguished from a damaged one', () => {
  const newer = encodeHead()
  newer[8] = 2
  expect(parseHead(newer)).toEqual({ kind: 'newer' })
  expect(parseHead(encodeHead().subarray(0, 15))).toEqual({ kind: 'damaged' })
  expect(parseHead(new Uint8Array(16))).toEqual({ kind: 'damaged' })
  expect(parseHead(encodeHead())).toEqual({ kind: 'ours', indexBytes: 0 })
})
