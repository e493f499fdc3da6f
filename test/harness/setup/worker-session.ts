import { afterAll, afterEach, beforeAll } from 'vitest'
import { observeFailures, recordFailures } from '../app/start/failure-record'
import { closeNotifications } from '../app/desktop/notifications'

/**
 * Gives this vitest worker its own desktop session before a test file is loaded: from here on, `process.env` has that
 * session's display, bus and folders.
 */
const sessions = JSON.parse(process.env['PODKEEPER_TEST_SESSIONS'] ?? '[]') as Record<string, string>[]
delete process.env['PODKEEPER_TEST_SESSIONS']

if (sessions.length > 0) {
  const session = sessions[Number(process.env['VITEST_POOL_ID']) - 1]
  if (session === undefined)
    throw new Error(`There is no session for worker ${process.env['VITEST_POOL_ID']}.`)
  Object.assign(process.env, session)
}

// Otherwise dunst draws what earlier files left with every new notification.
if (process.env['PODKEEPER_SESSION'] !== undefined) afterAll(closeNotifications)

// oxlint-disable-next-line no-empty-pattern -- Vitest accepts no other first argument.
beforeAll(({}, file) => observeFailures(file))
afterEach(recordFailures)
