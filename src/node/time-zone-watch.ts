/** Notices that this computer is in another time zone, such as after a flight. */
export interface TimeZoneWatch {
  /** Must be called now and then; calls back once after each change, with the zone's IANA name. */
  check(): void
}

/** Makes Node ask the system for its time zone again. Windows do that by themselves. */
const askAgain = (): void => {
  delete process.env['TZ']
}

/** A zone that the environment names stays. Until `check`, times and quiet hours are in the zone of the program's start. */
export function createTimeZoneWatch(
  onChange: (timeZone: string) => void,
  isFixed: boolean = (process.env['TZ'] ?? '') !== '',
  read: () => void = askAgain,
): TimeZoneWatch {
  const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
  let before = zone()
  return {
    check() {
      if (isFixed) return
      read()
      const now = zone()
      if (now === before) return
      before = now
      onChange(now)
    },
  }
}
