import { expect, test } from 'vitest'
import { createUnackedOutput } from '../../../../src/main/terminals/output/output-stream'

const BATCH = 32 * 1024

test('a speed is measured while a window has output to parse, and not while it waits for some', () => {
  const output = createUnackedOutput()
  expect(output.bytesPerMs()).toBeNull()
  output.send(2 * BATCH, 1_000)
  output.ack(BATCH, 1_010)
  expect(output.bytesPerMs()).toBeCloseTo(BATCH / 10)
  output.ack(BATCH, 1_020)
  expect([output.bytes(), output.bytesPerMs()]).toEqual([0, BATCH / 10])
  // Nothing was to be parsed for an hour.
  output.send(BATCH, 3_601_000)
  output.ack(BATCH, 3_601_010)
  expect(output.bytesPerMs()).toBeCloseTo(BATCH / 10)
})

test('a window that gets faster or slower is followed within a few acknowledgements', () => {
  const output = createUnackedOutput()
  let nowMs = 0
  const parse = (ms: number): number | null => {
    for (let batch = 0; batch < 6; batch++) {
      output.send(BATCH, nowMs)
      output.ack(BATCH, (nowMs += ms))
    }
    return output.bytesPerMs()
  }
  expect(parse(2)).toBeCloseTo(BATCH / 2)
  const slow = parse(16) ?? 0
  expect(slow / (BATCH / 16)).toBeLessThan(1.2)
  const fast = parse(2) ?? 0
  expect(fast / (BATCH / 2)).toBeGreaterThan(0.95)
})

test('echoes and other small output say nothing about the speed', () => {
  const output = createUnackedOutput()
  output.send(1, 0)
  output.ack(1, 8)
  expect(output.bytesPerMs()).toBeNull()
})

test('more acknowledged than sent, or within a ms, is no fault', () => {
  const output = createUnackedOutput()
  output.send(BATCH, 5)
  output.ack(2 * BATCH, 5)
  expect([output.bytes(), output.bytesPerMs()]).toEqual([0, 2 * BATCH])
})
