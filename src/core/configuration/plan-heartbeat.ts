import {
  type ConfigurationInput,
  type HeartbeatStep,
  lineOf,
  type PlannedSection,
} from './configuration-plan'

const DEFAULT_EVERY_MINUTES = 5

/** What the file says of the dead-man's switch. Its address is shown nowhere, only the host. */
export function planHeartbeat({
  file: { heartbeat },
  current,
  heartbeatAddress: given,
}: ConfigurationInput): PlannedSection<HeartbeatStep | null> {
  const before = current.heartbeat
  const unchanged = { lines: [], problems: [], steps: null }
  if (heartbeat === undefined) return unchanged
  if (heartbeat === null) {
    if (before === null) return unchanged
    return { lines: lineOf('heartbeat', `at ${before.host}`, undefined), problems: [], steps: { to: null } }
  }
  if (given === null && before === null)
    return {
      ...unchanged,
      problems: [{ path: ['heartbeat'], message: 'A new dead-man’s switch needs an address.' }],
    }
  const everyMinutes = heartbeat.everyMinutes ?? before?.everyMinutes ?? DEFAULT_EVERY_MINUTES
  const isNew = given !== null && !given.isKept
  const lines = [
    ...(isNew
      ? [
          {
            name: 'heartbeat.address',
            from: before === null ? null : `at ${before.host}`,
            to: `${before === null ? '' : 'new, '}at ${given.host}`,
          },
        ]
      : []),
    ...lineOf('heartbeat.everyMinutes', before?.everyMinutes, everyMinutes),
  ]
  return { lines, problems: [], steps: lines.length === 0 ? null : { to: { everyMinutes, isNew } } }
}
