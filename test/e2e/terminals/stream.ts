import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { streamWhole } from '../../../bench/terminal/stream'
import { drawnHtml, openBareXterm } from '../../harness/app/faults/bare-xterm'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* The window receives and draws what a program on a real server writes: everything, in order, however it is split. */

export function describeStream(app: SharedTerminalApp): void {
  describe('output', () => {
    let harness: TerminalHarness

    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
    })

    test('the pod receives the size of the drawn terminal', async () => {
      await harness.resizeTo(80, 24)
      await harness.type(`until [ "$(stty size)" = '24 80' ]; do sleep 0.1; done; echo to''ld\r`)
      await expect.poll(() => harness.text()).toMatch(/^told$/m)
    })

    test(
      'many megabytes arrive complete and in order, with limited memory',
      { timeout: 120_000 },
      async () => {
        const { sent, received, mostPendingBytes, grownMb } = await streamWhole(harness, 6)
        expect(received).toEqual(sent)
        expect(mostPendingBytes).toBeLessThan(500_000)
        expect(grownMb).toBeLessThan(150)
      },
    )

    test('a character is drawn correctly wherever its bytes are split', { timeout: 120_000 }, async () => {
      await harness.type('\u0003clear\r')
      const text = 'a é € 𝄞 😀 👩‍👩‍👧 🇩🇪 e\u0301 한 \u2764\uFE0F .'
      const bytes = Buffer.from(text)
      await harness.resizeTo(80, bytes.length + 6)
      const program = join(harness.home, 'cuts.mjs')
      await writeFile(
        program,
        `import { writeSync } from 'node:fs'
    const bytes = Buffer.from('${bytes.toString('base64')}', 'base64')
    const write = (part) => {
      writeSync(1, part)
      // So that the parts travel apart.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 7)
    }
    writeSync(1, '\\x1b[2J\\x1b[H')
    for (let cut = 1; cut < bytes.length; cut++) {
      write(bytes.subarray(0, cut))
      write(bytes.subarray(cut))
      write('\\r\\n')
    }
    for (const byte of bytes) write(Uint8Array.of(byte))
    write('\\r\\nall cut\\r\\n')`,
      )
      await harness.type(`${process.execPath} ${program}\r`)
      await waitUntil('the end', async () => (await harness.text()).includes('all cut'))
      const bare = await openBareXterm(harness.page, {
        columns: 80,
        rows: bytes.length + 6,
        isLikeOurs: true,
      })
      await bare.write(Buffer.from(`${`${text}\r\n`.repeat(bytes.length)}`))
      const [drawn, wanted] = [await drawnHtml(harness.page), await bare.html()]
      await bare.close()
      expect(new Set(wanted.slice(0, bytes.length)).size).toBe(1)
      expect(drawn.slice(0, bytes.length)).toEqual(wanted.slice(0, bytes.length))
    })
  })
}
