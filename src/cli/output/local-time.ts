const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** "2026-11-24 14:05", or with seconds "2026-11-24 14:05:30", in the system's time zone. */
export function localTime(atMs: number, hasSeconds: boolean): string {
  const at = new Date(atMs)
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`
  const time = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`
  return `${day} ${time}${hasSeconds ? `:${twoDigits(at.getSeconds())}` : ''}`
}
