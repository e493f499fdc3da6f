import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeProbe } from '../../../../src/core/idle/inside/inside-look'
import { parseProbe } from '../../../../src/core/idle/inside/inside-probe-codec'
import type { Instant } from '../../../../src/core/base/time/time'
import { type FakeProcess, probeOutput } from '../../../harness/ssh/probe-output'
import { anyCharacter } from '../../../harness/base/any-character'

const at = (s: number): Instant => ({ wallMs: s * 1_000, monotonicMs: s * 1_000, runId: 'run-1' })
const judge = (output: string) => judgeProbe({ output, intervalS: 60, startedAt: at(0), endedAt: at(65) })

const process = (pid: number) =>
  fc.record({
    pid: fc.constant(pid),
    name: fc.string({ maxLength: 15 }).map((name) => name.replace(/\n/g, '')),
    ticks: fc.nat(1_000_000),
    bytes: fc.nat(1e12),
    diskBytes: fc.nat(1e12),
  })
/** Processes, and by how much each grows within the minute. */
const pods = fc.array(
  fc.tuple(
    fc.integer({ min: 100, max: 9_999 }).chain(process),
    fc.record({ ticks: fc.nat(400), bytes: fc.nat(70_000_000), diskBytes: fc.nat(70_000_000) }),
  ),
  { maxLength: 8, minLength: 1 },
)

function outputOf(
  pod: readonly (readonly [
    FakeProcess,
    Required<Pick<FakeProcess, 'ticks' | 'diskBytes'>> & { bytes: number },
  ])[],
) {
  const unique = [...new Map(pod.map((entry) => [entry[0].pid, entry])).values()]
  const after = unique.map(([one, grown]) => ({
    ...one,
    ticks: (one.ticks ?? 0) + grown.ticks,
    bytes: (one.bytes ?? 0) + grown.bytes,
    diskBytes: (one.diskBytes ?? 0) + grown.diskBytes,
  }))
  return {
    unique,
    output: probeOutput(
      unique.map(([one]) => one),
      after,
    ),
  }
}

test('a pod is at rest exactly if no process and no traffic is above its limit', () => {
  fc.assert(
    fc.property(pods, (pod) => {
      const { unique, output } = outputOf(pod)
      const traffic = unique.reduce((sum, [, { bytes, diskBytes }]) => sum + Math.max(bytes, diskBytes), 0)
      const isWorking = traffic > 60_000_000 || unique.some(([, { ticks }]) => ticks > 300)
      expect(judge(output)).toMatchObject({ ok: true, value: { verdict: isWorking ? 'working' : 'at-rest' } })
    }),
  )
})

test('output that is cut off anywhere gives no verdict', () => {
  fc.assert(
    fc.property(pods, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (pod, part) => {
      const { output } = outputOf(pod)
      expect(judge(output.slice(0, Math.floor(output.length * part))).ok).toBe(false)
    }),
  )
})

test('output that lost a line is never at rest', () => {
  fc.assert(
    fc.property(pods, fc.nat(), (pod, which) => {
      const lines = outputOf(pod).output.split('\n').slice(0, -1)
      lines.splice(which % lines.length, 1)
      const result = judge(`${lines.join('\n')}\n`)
      // A lost interface of the first reading is one that is new in the second.
      expect(
        result.ok &&
          result.value.verdict === 'at-rest' &&
          lines.filter((line) => line.startsWith('N')).length === 4,
      ).toBe(false)
    }),
  )
})

test('a process that worked is not hidden by whatever else is printed between the lines', () => {
  const busy = { pid: 77, name: 'train', ticks: 100 }
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: anyCharacter, maxLength: 80 }), { maxLength: 5 }),
      fc.nat(),
      (noise, where) => {
        const lines = probeOutput([busy], [{ ...busy, ticks: 5_000 }])
          .split('\n')
          .slice(0, -1)
        lines.splice(where % lines.length, 0, ...noise)
        const result = judge(`${lines.join('\n')}\n`)
        expect(result.ok && result.value.verdict).not.toBe('at-rest')
      },
    ),
  )
})

test('any text is read without an error, and never as at rest', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 2_000 }), (text) => {
      expect(parseProbe(text)).toBeNull()
      expect(judge(text).ok).toBe(false)
    }),
  )
})
