import type { Reply } from '../http/reply'

/** How an API formats its errors. */
export interface ApiErrors {
  readonly reply: (status: number, detail: string, headers?: Readonly<Record<string, string>>) => Reply
  /** The headers of a reply that says that the quota is used up for so many seconds. */
  readonly exhaustedQuotaHeaders: (retryAfterS: number) => Readonly<Record<string, string>>
}
