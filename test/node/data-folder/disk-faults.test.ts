import { beforeAll, expect, test, vi } from 'vitest'
import { type FaultCase, faultCases, referenceRun, runCases, spread } from '../../../bench/disk/fault-matrix'
import { BUILT_WITHIN_MS } from '../../harness/setup/built-once'
import { buildProgram } from '../../harness/setup/build-program'

// Many processes or fsyncs: seconds, but far more on a machine under load.
vi.setConfig({ testTimeout: 180_000 })

/** `npm run bench -- disk/faults` runs every case. */
const CASES = 8

let program: string
let cases: readonly FaultCase[]
beforeAll(async () => {
  program = await buildProgram('bench/disk/folder-program.ts')
  cases = faultCases(await referenceRun(program))
}, BUILT_WITHIN_MS)

const casesOf = (...kinds: FaultCase['fault']['kind'][]): readonly FaultCase[] =>
  spread(
    cases.filter(({ kind, fault }) => kind === 'alone' && kinds.includes(fault.kind)),
    CASES,
  )

test('a program killed at any change of its folder loses nothing that it confirmed, and the next one continues', async () => {
  expect(await runCases(program, casesOf('kill', 'kill-part'))).toEqual([])
})

test('a program whose disk is full at any byte refuses what it cannot keep, and loses nothing else', async () => {
  expect(await runCases(program, casesOf('full'))).toEqual([])
})

test('a program whose disk fails once, or becomes read-only, says so and loses nothing that it confirmed', async () => {
  expect(await runCases(program, casesOf('fail-once', 'read-only'))).toEqual([])
})

test('a program takes over from one that is killed at any change, and nothing is lost or doubled', async () => {
  const handovers = cases.filter(({ kind }) => kind === 'handover')
  expect(await runCases(program, spread(handovers, 4))).toEqual([])
})
