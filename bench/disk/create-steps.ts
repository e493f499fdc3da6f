import { join } from 'node:path'
import { MINUTE_MS } from '../../src/core/base/time/time'
import {
  type CreateIntent,
  markCreateSent,
  scheduleCreate,
  toCreatePhase,
} from '../../src/core/creation/create-intent'
import { readCreates } from '../../src/node/data-folder/journal/journal'
import { createPlan } from '../../test/harness/monitor/create-world'
import { ACCOUNT } from './open-folder'
import type { DurableStep } from './step'
import { NOW_MS } from './times'

const phases = ['scheduled', 'sent', 'observed'] as const

/** The states of a create, of which a later one stands for those before. */
export function createSteps(id: string): readonly DurableStep[] {
  const at = { wallMs: NOW_MS - MINUTE_MS, monotonicMs: 0, runId: id }
  const scheduled = scheduleCreate(
    {
      id,
      accountId: ACCOUNT,
      runId: `run-${id}`,
      plan: createPlan(['H100 SXM'], { name: id }),
      isFromCommandLine: false,
      listedPodIds: [],
    },
    at,
  )
  const sent = markCreateSent(scheduled, at)
  const observed = { ...toCreatePhase(sent, 'observed', at, null), podId: `pod-of-${id}`, areRulesSet: true }
  const states: Readonly<Record<(typeof phases)[number], CreateIntent>> = { scheduled, sent, observed }
  return phases.map((phase) => ({
    name: `${id} ${phase}`,
    intentId: id,
    file: 'creates.jsonl',
    write: ({ lock }) => lock.creates.record(states[phase]),
    isThere({ lock, path }) {
      // While the journal of actions cannot be opened, nobody acts, and this file is left as it is.
      const all = lock.isActing() ? lock.creates.latest() : readCreates(join(path, 'creates.jsonl'))
      const [found, ...others] = (all ?? []).filter((each) => each.id === id)
      const place = phases.findIndex((each) => each === found?.phase)
      return others.length === 0 && place >= phases.indexOf(phase)
    },
  }))
}
