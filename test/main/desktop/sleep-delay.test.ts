import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { IntentView } from '../../../src/core/intents/intent-view'
import { createSleepDelay } from '../../../src/main/desktop/sleep-delay'
import { intentView, podView } from '../../harness/samples/pod-views'

const withIntent = (intent: Partial<IntentView> | null) => ({
  pods: [podView(), podView({ id: 'b', intent: intent === null ? null : intentView(intent) })],
})

/** A delay whose program `systemd-inhibit` is a script; null: there is none. */
function delayWith(script: string | null) {
  const folder = mkdtempSync(join(tmpdir(), 'sleep-delay-'))
  const logPath = join(folder, 'log')
  if (script !== null) {
    writeFileSync(join(folder, 'systemd-inhibit'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'systemd-inhibit'), 0o700)
  }
  const reports: string[] = []
  const env = { PATH: script === null ? folder : `${folder}:/usr/bin:/bin`, LOG: logPath }
  const delay = createSleepDelay((what) => reports.push(what), env)
  return { delay, reports, log: () => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : '') }
}

test('the system waits from the request of a stop until its reply', async () => {
  const { delay, reports, log } = delayWith('echo "$@" >> $LOG; cat; echo released >> $LOG')
  const held = '--what=sleep:shutdown --mode=delay --who=Podkeeper --why=A pod is being stopped cat\n'
  for (const round of [1, 2]) {
    const before = log()
    delay.update(withIntent({ action: 'stop', phase: 'scheduled' }))
    await expect.poll(log).toBe(before + held)
    delay.update(withIntent({ action: 'stop', phase: 'sent' }))
    delay.update(withIntent(round === 1 ? { action: 'stop', phase: 'accepted' } : null))
    await expect.poll(log).toBe(`${before}${held}released\n`)
  }
  expect(reports).toEqual([])
})

test('the system waits for nothing else', () => {
  const { delay, log } = delayWith('echo held >> $LOG; cat')
  for (const intent of [
    { action: 'restart', phase: 'scheduled' },
    { action: 'terminate', phase: 'scheduled' },
    { action: 'start', phase: 'waiting' },
    { action: 'stop', phase: 'scheduled', message: 'Runpod asks to wait.' },
    { action: 'stop', phase: 'sent', message: 'No clear response.' },
    { action: 'stop', phase: 'observed' },
  ] as const)
    delay.update(withIntent(intent))
  expect(log()).toBe('')
})

test.each([
  ['is missing', null],
  ['may not hold it', 'exit 1'],
])('where the program %s, that is reported once and nothing breaks', async (_, script) => {
  const { delay, reports } = delayWith(script)
  for (const _round of [1, 2]) {
    delay.update(withIntent({ action: 'stop', phase: 'scheduled' }))
    await expect.poll(() => reports.length).toBe(1)
    delay.update(withIntent(null))
  }
  expect(reports).toEqual(['The system does not wait for Podkeeper before a sleep'])
})
