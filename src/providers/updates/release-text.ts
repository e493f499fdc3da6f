/** What went wrong where releases are read. Sentences. */
export const releaseText = {
  redirectsElsewhere: (host: string, elsewhere: string) =>
    `${host} redirects to ${elsewhere}, where no update is looked for.`,
  redirectsWithoutEnd: (host: string) => `${host} redirects without end.`,
  tooLate: (host: string) => `${host} did not answer in time.`,
  tooMuch: (host: string) => `${host} answered with too much.`,
  nothing: (host: string) => `${host} answered with nothing.`,
  status: (host: string, status: number) => `${host} answered HTTP ${status}.`,
} as const
