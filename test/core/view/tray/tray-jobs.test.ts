import { expect, test } from 'vitest'
import type { QueueView } from '../../../../src/core/queue/queue-view'
import type { TrayMenuEntry } from '../../../../src/core/view/tray/tray-menu'
import { trayModel } from '../../../../src/core/view/tray/tray-model'
import { idleFor, podView, snapshotOf } from '../../../harness/samples/pod-views'
import { jobSpec } from '../../../harness/samples/job-spec'
import { jobView, queueView } from '../../../harness/samples/queue-views'

const idle = podView({ id: 'idle', name: 'mcmc-planck', activity: idleFor(24) })
const busy = podView({ id: 'busy', name: 'llama' })
const job = jobView({ id: 'j', spec: jobSpec({ name: 'planck-chain-13' }) })

/** The entries about jobs, by the menu in which they are. */
function jobEntries(queue: Partial<QueueView> | null): readonly (readonly [string, string])[] {
  const { menu } = trayModel({
    ...snapshotOf([idle, busy]),
    ...(queue !== null && { queue: queueView({ jobs: [job], ...queue }) }),
  })
  const inner = (entries: readonly TrayMenuEntry[], name: string): (readonly [string, string])[] =>
    entries.flatMap((entry): (readonly [string, string])[] => {
      if (entry.kind === 'submenu') return inner(entry.entries, entry.text)
      if (entry.kind !== 'item' || entry.command.kind !== 'run-job') return []
      expect(entry.command).toEqual({ kind: 'run-job', podKey: idle.key, jobId: 'j' })
      return [[name, entry.text]]
    })
  return inner(menu, '')
}

const suggestions = [{ podKey: idle.key, jobId: 'j' }]

test('a pod for which a job is suggested offers to run it, by its name, and no other pod does', () => {
  expect(jobEntries({ suggestions })).toEqual([
    ['mcmc-planck · Idle 24 min · $10.76/hr', 'Run next job: planck-chain-13'],
  ])
})

test('nothing is offered where no job is suggested, where the job is gone, or where jobs can only be looked at', () => {
  expect(jobEntries(null)).toEqual([])
  expect(jobEntries({})).toEqual([])
  expect(jobEntries({ suggestions, jobs: [] })).toEqual([])
  expect(jobEntries({ suggestions, readOnlyReason: 'Another Podkeeper acts on this data folder.' })).toEqual(
    [],
  )
})

test('a hostile or long name of a job does not break its line', () => {
  const spec = jobSpec({ name: `\u202e${'x'.repeat(90)}\n` })
  const [entry] = jobEntries({ suggestions, jobs: [{ ...job, spec }] })
  expect(entry?.[1]).toMatch(/^Run next job: x+…$/)
})
