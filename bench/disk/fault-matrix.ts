import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fault, faultText, type ProgramRun, runProgram, startProgram } from './faults'
import { findViolations } from './folder-oracle'
import { stepsOf } from './steps'

/** One run of the program with a fault, or two that hand over. */
export interface FaultCase {
  readonly kind: 'alone' | 'handover'
  readonly fault: Fault
}

/** The bytes of a cut write, and the spacing of the sizes of a full disk. */
const CUTS = [1, 40, 1_000_000]
const FULL_EVERY_BYTES = 97

/** Every case: each change of the folder with each fault. `reference` is a run without any. */
export function faultCases({
  steps,
  writes,
  writtenBytes,
}: NonNullable<ProgramRun['changes']>): readonly FaultCase[] {
  const each = Array.from({ length: steps }, (_, index) => index + 1)
  const faults: readonly Fault[] = [
    ...each.map((step): Fault => ({ kind: 'kill', step })),
    ...writes.flatMap((step) => CUTS.map((byte): Fault => ({ kind: 'kill-part', step, byte }))),
    ...each.map((step): Fault => ({ kind: 'fail-once', step, byte: step % 50 })),
    ...each.map((step): Fault => ({ kind: 'read-only', step })),
    ...Array.from({ length: Math.ceil(writtenBytes / FULL_EVERY_BYTES) }, (_, index): Fault => {
      return { kind: 'full', byte: index * FULL_EVERY_BYTES }
    }),
  ]
  return [
    ...faults.map((fault): FaultCase => ({ kind: 'alone', fault })),
    ...each.map((step): FaultCase => ({ kind: 'handover', fault: { kind: 'kill', step } })),
  ]
}

/** `count` of the cases, evenly spread over all kinds and steps. */
export function spread<T>(cases: readonly T[], count: number): readonly T[] {
  const every = Math.max(1, cases.length / count)
  return Array.from(
    { length: Math.min(count, cases.length) },
    (_, index) => cases[Math.floor(index * every)],
  ).filter((each) => each !== undefined)
}

/** The run without a fault. Throws when it does not do everything. */
export async function referenceRun(program: string): Promise<NonNullable<ProgramRun['changes']>> {
  const folder = newFolder()
  const run = await runProgram({ program, folder, args: ['a'] })
  const violations = await findViolations(folder, [{ ...run, who: 'a' }])
  rmSync(folder, { recursive: true })
  const missing = stepsOf('a').filter(({ name }) => !run.confirmed.includes(name))
  if (run.changes === null || missing.length > 0 || violations.length > 0)
    throw new Error(`Without a fault: ${JSON.stringify({ missing, violations, run })}`)
  return run.changes
}

/** Runs the cases, `atOnce` at a time; returns a line for each thing that is wrong. */
export async function runCases(
  program: string,
  cases: readonly FaultCase[],
  atOnce = 2,
): Promise<readonly string[]> {
  const violations: string[] = []
  const queue = [...cases]
  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const found = await runCase(program, next)
      violations.push(
        ...found.map((text) => `${next?.kind} ${faultText(next?.fault ?? { kind: 'none' })}: ${text}`),
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return violations
}

async function runCase(program: string, { kind, fault }: FaultCase): Promise<readonly string[]> {
  const folder = newFolder()
  try {
    if (kind === 'handover') return await runHandover(program, folder, fault)
    const run = await runProgram({ program, folder, fault, args: ['a'] })
    const isMissed = fault.kind.startsWith('kill') && run.changes !== null
    return [
      ...(isMissed ? ['the fault did not happen'] : []),
      ...(await findViolations(folder, [{ ...run, who: 'a' }])),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The second program waits beside the first one, which is killed, and takes over. */
async function runHandover(program: string, folder: string, fault: Fault): Promise<readonly string[]> {
  const first = startProgram({ program, folder, fault, args: ['a', 'wait'] })
  const isActive = await first.becomes('active')
  const second = startProgram({ program, folder, args: ['b'] })
  if (isActive) await second.becomes('passive')
  first.go()
  const runs = await Promise.all([first.ended, second.ended])
  const missing = stepsOf('b').filter(({ name }) => !runs[1].confirmed.includes(name))
  return [
    ...missing.map(({ name }) => `the second program did not take over: ${name}`),
    ...(await findViolations(folder, [
      { ...runs[0], who: 'a' },
      { ...runs[1], who: 'b' },
    ])),
  ]
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-disk-'))
