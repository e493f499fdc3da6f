import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scriptStart } from '../../../../src/core/queue/host/job-script-text'
import { byteLength } from '../../../../src/core/base/text/byte-length'
import { chunksOf, escapeText, unescapeText } from '../../../../src/core/queue/host/shell-escape'
import { anyCharacter } from '../../../harness/base/any-character'

const texts = fc.string({ unit: anyCharacter }).filter((text) => !/[\0\p{Cs}]/u.test(text))

describe('escaped text', () => {
  it('is printable ASCII without quotes of any shell, and means the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeText(text)
        expect(escaped).toMatch(/^[A-Za-z0-9 _.\-/:=,@+\\]*$/)
        expect(chunksOf(escaped).join('')).toBe(escaped)
        expect(Math.max(0, ...chunksOf(escaped).map(({ length }) => length))).toBeLessThanOrEqual(1_000)
        expect(unescapeText(escaped)).toBe(text)
        expect(byteLength(text)).toBe(Buffer.byteLength(text))
      }),
    )
  })

  it.each(['dash', 'bash', 'busybox'])('is the text again in %s', (shell) => {
    const text = `${'it\'s "$(x)" `y` \\n %s %% * ~ ! ü 日本 \u0001\t\r\n'.repeat(300)}\n\n`
    const puts = chunksOf(escapeText(text)).map((chunk) => `put text '${chunk}'`)
    const args = shell === 'busybox' ? ['sh'] : []
    const input = `(\n${scriptStart}unset text\n${puts.join('\n')}\nprintf %s "$text"\n)\n`
    try {
      expect(execFileSync(shell, args, { input }).toString()).toBe(text)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  })
})
