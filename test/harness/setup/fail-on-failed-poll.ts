import { afterEach } from 'vitest'
import { takeFailedPolls } from './failed-polls'

/* For `setupFiles` of the unit tests. */
afterEach(() => {
  const [cause] = takeFailedPolls()
  if (cause !== undefined) throw new Error('A poll failed.', { cause })
})
