import { expect, test } from 'vitest'
import { createApprovals } from '../../../src/core/pods-api/access/approvals'
import { showApproval } from '../../../src/main/windows/show-approval'
import { createPromptWindow } from '../../../src/main/windows/prompt-window'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'

function fixture() {
  const clock = createFakeClock()
  let onClosed = (): void => {}
  const promptWindow = createPromptWindow({
    clock,
    createWindow(closed) {
      onClosed = closed
      return { show: () => {}, close: () => {}, shows: () => false }
    },
  })
  let count = 0
  const approvals = createApprovals({
    clock,
    newId: () => `a${(count += 1)}`,
    show: showApproval(promptWindow.ask),
    record: () => {},
  })
  const asked = approvals.request({
    agent: 'claude',
    accountId: 'a',
    podId: 'p',
    what: 'a start of train-1',
    question: {
      text: {
        title: 'Start train-1?',
        lines: [],
        warning: null,
        field: null,
        confirmLabel: 'Start pod',
        isHarmful: true,
        isDestructive: false,
      },
    },
  })
  const view = async () => {
    const shown = await promptWindow.handlers.confirmation()
    return shown.ok ? shown.value : null
  }
  return { clock, promptWindow, approvals, id: asked.ok ? asked.value : '', view, close: () => onClosed() }
}

test('the app’s own window asks what an agent wants, and its answer counts', async () => {
  const { promptWindow, approvals, id, view } = fixture()
  const shown = await view()
  expect(shown?.title).toBe('Start train-1?')
  expect(approvals.take('claude', id)).toBe('open')
  await promptWindow.handlers.answerConfirmation(shown?.token ?? '', '')
  await flushPromises()
  expect(approvals.take('claude', id)).toBe('agreed')
})

test('closing that window declines', async () => {
  const { approvals, id, view, close } = fixture()
  await view()
  close()
  await flushPromises()
  expect(approvals.take('claude', id)).toBe('gone')
})

test('an answer in a terminal, and the end of its time, take the question back', async () => {
  const answered = fixture()
  answered.approvals.answer(answered.id, true)
  await flushPromises()
  expect(await answered.view()).toBeNull()
  expect(answered.approvals.take('claude', answered.id)).toBe('agreed')
  const late = fixture()
  late.clock.advance(15 * 60_000)
  await flushPromises()
  expect(await late.view()).toBeNull()
})
