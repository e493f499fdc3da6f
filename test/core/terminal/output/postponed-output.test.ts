import { expect, test } from 'vitest'
import { createPostponedOutput } from '../../../../src/core/terminal/output/postponed-output'

/* That the terminal tells the same of it is tested in `test/terminal-process/postponed-output.test.ts`. */

const LINE = Buffer.from('\x1b[31mred\r\n')

test('much that waited is read in short steps, and then no more of it is kept than is needed', () => {
  let linesUntilGone: number | null = null
  const output = createPostponedOutput(() => linesUntilGone, LINE.length)
  for (let lines = 0; lines < 100; lines++) output.append(LINE)
  expect(output.bytes()).toBe(100 * LINE.length)
  linesUntilGone = 5
  let most = 0
  for (let lines = 0; lines < 100; lines++) {
    const before = output.bytes()
    output.append(LINE)
    most = Math.max(most, (before + LINE.length - output.bytes()) / LINE.length)
  }
  expect(most).toBe(2)
  // The first, one with a carriage return, and five that push the first out.
  expect(output.bytes()).toBe(7 * LINE.length)
})
