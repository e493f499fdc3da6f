import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../../../src/core/audit-log/audit-log'
import type { Question } from '../../../../src/core/confirmation/question-queue'
import { APPROVAL_VALID_MS, createApprovals } from '../../../../src/core/pods-api/access/approvals'
import { approvalQuestion, approvalText } from '../../../../src/core/pods-api/access/approval-request'
import { toJobSpec } from '../../../../src/node/pods-api/accounts/experiments'
import { createFakeClock } from '../../../harness/base/fake-clock'
import { pod } from '../../../harness/samples/pods'

const question = (title: string): Question => ({
  text: {
    title,
    lines: [],
    warning: null,
    field: null,
    confirmLabel: 'Start pod',
    isHarmful: true,
    isDestructive: false,
  },
})

function fixture() {
  const clock = createFakeClock()
  /** The answer of the window, by id, while it shows the question. */
  const shown = new Map<string, (isAgreed: boolean) => void>()
  const entries: AuditEntry[] = []
  let count = 0
  const approvals = createApprovals({
    clock,
    newId: () => `a${(count += 1)}`,
    show({ id }, answered) {
      shown.set(id, answered)
      return () => void shown.delete(id)
    },
    record: (entry) => void entries.push(entry),
  })
  const ask = (agent: string, title: string, accountId = 'a') => {
    const asked = approvals.request({ agent, accountId, podId: null, what: title, question: question(title) })
    return asked.ok ? asked.value : asked.error
  }
  return { clock, shown, entries, approvals, ask, texts: () => entries.map(({ text }) => text) }
}

describe('what an agent asks for', () => {
  test('is agreed to once, by a person in the window, which then shows it no longer', () => {
    const { approvals, ask, shown, texts } = fixture()
    const id = ask('claude', 'a start of train-1')
    expect(approvals.take('claude', id)).toBe('open')
    shown.get(id)?.(true)
    expect(shown.size).toBe(0)
    expect(approvals.open()).toEqual([])
    expect(approvals.take('claude', id)).toBe('agreed')
    expect(approvals.take('claude', id)).toBe('gone')
    expect(texts()).toEqual(['You agreed to a start of train-1, which the agent claude asked for.'])
  })

  test('is agreed to in a terminal, and the window no longer asks', () => {
    const { approvals, ask, shown } = fixture()
    const id = ask('claude', 'a start of train-1')
    expect(approvals.answer(id, true).ok).toBe(true)
    expect(shown.size).toBe(0)
    expect(approvals.answer(id, false).ok).toBe(false)
    expect(approvals.take('claude', id)).toBe('agreed')
  })

  test('is not done once it was declined', () => {
    const { approvals, ask, shown, texts } = fixture()
    const id = ask('claude', 'the job x')
    shown.get(id)?.(false)
    expect(approvals.take('claude', id)).toBe('gone')
    expect(approvals.answer(id, true).ok).toBe(false)
    expect(texts()).toEqual(['You declined the job x, which the agent claude asked for.'])
  })

  test('is one question while it is open, and asked anew after that', () => {
    const { approvals, ask, shown } = fixture()
    const id = ask('claude', 'x')
    expect(ask('claude', 'x')).toBe(id)
    expect(ask('other', 'x')).not.toBe(id)
    expect(ask('claude', 'x', 'b')).not.toBe(id)
    approvals.answer(id, true)
    const again = ask('claude', 'x')
    expect(again).not.toBe(id)
    expect(approvals.take('claude', again)).toBe('open')
    expect(shown.has(again)).toBe(true)
  })

  test('waits beside nine others, and no more are asked', () => {
    const { ask, approvals } = fixture()
    const ids = Array.from({ length: 10 }, (_, index) => ask('claude', `q${index}`))
    expect(ask('claude', 'one more')).toMatch(/^Too many/)
    approvals.answer(ids[0] ?? '', false)
    expect(ask('claude', 'one more')).toMatch(/^a\d+$/)
  })

  test.each([
    ['a quarter of an hour passed', 0, APPROVAL_VALID_MS],
    ['the computer slept', APPROVAL_VALID_MS, 0],
    ['the clock was set back', -APPROVAL_VALID_MS, 0],
  ])('is too old for an answer, and for being carried out, once %s', (_what, shiftMs, passedMs) => {
    const { clock, approvals, ask } = fixture()
    const [open, agreed] = [ask('claude', 'open'), ask('claude', 'agreed')]
    approvals.answer(agreed, true)
    clock.shiftWallClock(shiftMs)
    clock.advance(passedMs)
    expect(approvals.answer(open, true).ok).toBe(false)
    expect(approvals.take('claude', agreed)).toBe('gone')
    expect(approvals.open()).toEqual([])
  })
})

test('a yes never serves two requests, nor another agent’s', () => {
  const step = fc.record({
    do: fc.constantFrom('ask', 'agree', 'decline', 'take', 'wait'),
    agent: fc.constantFrom('claude', 'codex'),
    title: fc.constantFrom('x', 'y'),
    at: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { clock, approvals, ask } = fixture()
      const asked: { readonly id: string; readonly agent: string; agreed: number; taken: number }[] = []
      for (const { do: what, agent, title, at } of steps) {
        const one = asked.at(-1 - at)
        if (what === 'wait') clock.advance(APPROVAL_VALID_MS / 3)
        else if (what === 'ask') {
          const id = ask(agent, title)
          if (!asked.some((each) => each.id === id)) asked.push({ id, agent, agreed: 0, taken: 0 })
        } else if (one !== undefined && what === 'take') {
          const taken = approvals.take(agent, one.id) === 'agreed'
          if (taken && agent !== one.agent) return false
          if (taken) one.taken += 1
        } else if (one !== undefined) {
          const answered = approvals.answer(one.id, what === 'agree').ok
          if (answered && what === 'agree') one.agreed += 1
        }
      }
      return asked.every(({ agreed, taken }) => taken <= agreed && agreed <= 1)
    }),
  )
})

describe('the question', () => {
  const options = { agent: 'claude', accountName: 'Lab', pods: [pod({ id: 'p1', name: 'train-1' })] }
  const job = {
    labId: 'a',
    title: 'x',
    command: 'rm -rf /workspace',
    computeMode: 'H100',
    priority: 'normal',
    estimatedSeconds: undefined,
  } as const
  const linesOf = (asked: Question | null): string => JSON.stringify(asked?.text)

  test('names the agent, the account and all that would run', () => {
    const spec = toJobSpec(job, 'a')
    const text = linesOf(approvalQuestion({ kind: 'job', spec }, options))
    for (const part of ['claude', 'Lab', 'rm -rf /workspace', 'H100']) expect(text).toContain(part)
    expect(approvalText({ kind: 'job', spec }, '')).toBe('the job x')
  })

  test('names the pod that would start, and asks about none that isn’t listed', () => {
    const text = linesOf(approvalQuestion({ kind: 'start', podId: 'p1' }, options))
    for (const part of ['claude', 'Lab', 'p1', 'train-1']) expect(text).toContain(part)
    expect(approvalQuestion({ kind: 'start', podId: 'p2' }, options)).toBeNull()
  })
})
