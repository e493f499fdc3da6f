import { plainText } from '../../core/base/text/plain-text'

/** Of accounts that a server keeps. */
export const serversText = {
  /** Clauses to follow "since". */
  keeps: (host: string): string => `the server ${host} acts and sends alerts for this account`,
  lost: (host: string): string => `the server ${host}, which keeps this account, can’t be reached`,
  badReply: 'its reply can’t be read',
  notActing: (host: string, reason: string | null): string =>
    `the server ${host}, which keeps this account, stops nothing${reason === null ? '' : `: ${asClause(plainText(reason)).slice(0, 300)}`}`,
  unreadable: 'servers.json can’t be read, so it isn’t known which server keeps this account',
  /** A clause. Null: it isn't known which. */
  noRules: (host: string | null): string =>
    `${host === null ? 'a server' : `the server ${host}`} keeps this account, so this is set there`,
  /** Sentences. */
  refused: (host: string, why: string): string =>
    `${host}, which keeps this account, refused: ${asClause(why)}.`,
  unreachable: (host: string, why: string): string =>
    `${host}, which keeps this account, can’t be reached: ${asClause(why)}. Nothing was done.`,
  unclear: (host: string, why: string, about: 'pod' | 'queue'): string =>
    `It is not known whether ${host} carried this out: ${asClause(why)}. Check ${about === 'pod' ? 'the pod' : 'its queue'} before you try again.`,
  jobsRun: (account: string, jobs: readonly string[]): string =>
    `This computer runs ${jobs.length === 1 ? plainText(jobs[0] ?? '') : `${jobs.length} jobs`} on pods of ${account}, which nobody would follow then. Connect the server once that is over. Nothing was saved.`,
  notLinked: (host: string, why: string): string =>
    `${host} can’t be reached: ${asClause(why)}. Nothing was saved.`,
  refusedToken: (host: string, why: string): string =>
    `${host} refused the token: ${asClause(why)}. Nothing was saved.`,
  otherAccount: (host: string, account: string): string =>
    `${host} shows none of the pods of ${account} to this token, so it may be another account. Nothing was saved.`,
  unreadableReply: (host: string): string => `The reply of ${host}, which keeps this account, can’t be read.`,
} as const

const asClause = (sentence: string): string => sentence.replace(/\.$/, '')
