import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { watchPower } from '../../../src/main/system-events'

test('the end of a session is delayed for an orderly shutdown', () => {
  const power = new EventEmitter()
  const heard: string[] = []
  const hear = (what: string) => () => void heard.push(what)
  watchPower(power, {
    onSuspend: hear('suspend'),
    onResume: hear('resume'),
    onLock: hear('lock'),
    onUnlock: hear('unlock'),
    onShutdown: hear('shutdown'),
  })
  for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen']) power.emit(event)
  power.emit('shutdown', { preventDefault: hear('wait') })
  expect(heard).toEqual(['suspend', 'resume', 'lock', 'unlock', 'wait', 'shutdown'])
})
