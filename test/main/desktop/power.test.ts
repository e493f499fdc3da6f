import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { watchPower } from '../../../src/main/desktop/power'

test('a session that ends is asked for the time to end in good order', () => {
  const power = new EventEmitter()
  const heard: string[] = []
  const hear = (what: string) => () => void heard.push(what)
  watchPower(power, {
    onSuspend: hear('suspend'),
    onResume: hear('resume'),
    onUnlock: hear('unlock'),
    onShutdown: hear('shutdown'),
  })
  for (const event of ['suspend', 'resume', 'unlock-screen']) power.emit(event)
  power.emit('shutdown', { preventDefault: hear('wait') })
  expect(heard).toEqual(['suspend', 'resume', 'unlock', 'wait', 'shutdown'])
})
