import { fail, ok, type Result } from '../../../src/core/base/result'
import type { ServerRefusal } from '../../../src/node/servers/ask-keeper'
import type { ServerJob } from '../../../src/node/servers/server-jobs'
import type { ServerOperations } from '../../../src/node/servers/server-operations'

export const rulesThere = { isAutoStopEnabled: true, keepRunning: null, rules: { maxHours: 9 } }

export const serverJob = (id: string, more: Partial<ServerJob> = {}): ServerJob => ({
  _id: id,
  labId: 'there',
  experimentId: id,
  title: id,
  status: 'queued',
  computeMode: 'CPU',
  priority: 'normal',
  createdAt: 1_000,
  ...more,
})

/** A server that does all that it is asked, or refuses it all. `sent`: what it was asked, in order. */
export function createFakeKeeper(refusal: ServerRefusal | null = null, jobs: readonly ServerJob[] = []) {
  const sent: unknown[] = []
  const reply = async <T>(what: unknown, value: T): Promise<Result<T, ServerRefusal>> => {
    sent.push(what)
    return refusal === null ? ok(value) : fail(refusal)
  }
  const keeper: ServerOperations = {
    act: (podId, action) => reply([action, podId], { isOver: true }),
    keepOn: (podId, choice) => reply(['keep', podId, choice], undefined),
    changePodRules: (podId, changes) => reply(['rules', podId, changes], undefined),
    podRules: () => reply('read', rulesThere),
    addJob: ({ title, command }) => reply(['add', title, command], serverJob('added', { title })),
    jobs: () => reply('jobs', jobs),
    cancelJob: (id) => reply(['cancel', id], serverJob(id, { status: 'fail' })),
    jobLog: (id) => reply(['log', id], { text: 'epoch 1\n', sizeBytes: 8, isCut: false }),
  }
  return { keeper, sent }
}
