/** Of a stop that a server announced which can't be reached now. `readAt`: a moment, such as "19:11". */
export const stopUnknownText = (host: string, readAt: string): string =>
  `It isn’t known whether ${host} still stops this pod: it was last reached at ${readAt}.`
