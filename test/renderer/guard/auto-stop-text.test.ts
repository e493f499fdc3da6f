import { expect, test } from 'vitest'
import { autoStopHelp } from '../../../src/renderer/guard/auto-stop-text'

test('where auto-stop is on, the settings say that only one of several computers should have it', () => {
  const says = (mode: Parameters<typeof autoStopHelp>[0]) =>
    autoStopHelp(mode, 1, 2).endsWith('. If you use several computers, turn it on for only one of them')
  expect([says('ticked'), says('all'), says('off'), says('undecided')]).toEqual([true, true, false, false])
})
