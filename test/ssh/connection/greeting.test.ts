import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Greeting, MAX_GREETING_BYTES } from '../../../src/ssh/connection/dial'

/** The parser's result for a text received in these chunks, as the text from the version line on. */
function read(...parts: readonly string[]): string {
  const greeting = new Greeting()
  for (const [index, part] of parts.entries()) {
    const answer = greeting.read(Buffer.from(part, 'latin1'))
    if (answer === 'not-ssh') return answer
    if (answer !== 'more') return answer.toString('latin1') + parts.slice(index + 1).join('')
  }
  return 'more'
}

describe('the first data from a server', () => {
  it.each([
    ['SSH-2.0-OpenSSH_9.6\r\n', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['SSH-1.99-old\n', 'SSH-1.99-old\n'],
    ['SSH-2.0-x\r\nmore\nand more', 'SSH-2.0-x\r\nmore\nand more'],
    ['welcome\r\n\nto us\nSSH-2.0-x\n', 'SSH-2.0-x\n'],
    ['SSH-2.0-x', 'more'],
    ['', 'more'],
    ['SSH-1.5-x\n', 'not-ssh'],
    ['SSH-2.0\n', 'not-ssh'],
    [' SSH-2.0-x\n', 'more'],
    [`SSH-2.0-${'x'.repeat(8 * 1024)}`, 'not-ssh'],
    [`${'x'.repeat(10_000)}\nSSH-2.0-x\n`, 'SSH-2.0-x\n'],
  ])('is parsed: %j', (text, answer) => {
    expect(read(text)).toBe(answer)
  })

  it('is accepted up to a limit', () => {
    const filler = 'x'.repeat(MAX_GREETING_BYTES - 'SSH-2.0-x\n'.length - 1)
    expect(read(`${filler}\n`, 'SSH-2.0-x\n')).toBe('SSH-2.0-x\n')
    expect(read(`x${filler}\n`, 'SSH-2.0-x\n')).toBe('not-ssh')
    expect(read(...Array.from({ length: 300 }, () => `${'x'.repeat(1_000)}\n`))).toBe('not-ssh')
  })

  it('gives the same result however it is split', () => {
    const parts = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 12 }), { maxLength: 8 })
    fc.assert(
      fc.property(parts, fc.array(fc.nat(60)), (lines, cuts) => {
        fc.pre(!lines.join('').includes('SSH-'))
        const text = `${lines.map((line) => `${line}\n`).join('')}SSH-2.0-x\nrest`
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort(
          (a, b) => a - b,
        )
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        expect(read(...pieces)).toBe('SSH-2.0-x\nrest')
      }),
    )
  })
})
