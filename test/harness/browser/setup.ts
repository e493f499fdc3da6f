import { afterEach, beforeAll, expect } from 'vitest'
import { commands, locators } from 'vitest/browser'
import { closeWindows } from './open-window'
import { closeScenes } from './scene'

/*
 * For `setupFiles` of the browser tests: closes windows and scenes after each test, and lets it fail by what must not
 * happen in any window. A test that failed says what its windows showed.
 */

const MAX_CHARS = 8_000

locators.extend({ getByCss: (selector) => selector })

beforeAll(() => commands.prepare())

afterEach(async ({ task }) => {
  const texts = closeWindows()
  const faults = await closeScenes()
  await commands.emulateMedia({ colorScheme: 'light' })
  if (task.result?.state === 'fail')
    throw new Error(
      [...faults, ...texts.map((text) => `The window showed: ${text.slice(0, MAX_CHARS)}`)].join('\n\n'),
    )
  expect(faults).toEqual([])
})
