const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * When a reply was made by the server's clock, Unix ms. Null unless `Date` is exactly an HTTP date (RFC 9110) and the
 * reply does not come from a cache.
 */
export function readServerDate(headers: Headers): number | null {
  if (headers.has('age') && headers.get('age')?.trim() !== '0') return null
  const text = headers.get('date')?.trim() ?? ''
  if (!HTTP_DATE.test(text)) return null
  const atMs = Date.parse(text)
  // A day that does not exist is turned into another one, and a wrong weekday is ignored.
  return !Number.isNaN(atMs) && new Date(atMs).toUTCString() === text ? atMs : null
}
