import { plainText } from '../../core/base/text/plain-text'

/** Of accounts that a server keeps. */
export const serversText = {
  /** Clauses to follow "since". */
  keeps: (host: string): string => `the server ${host} acts and sends alerts for this account`,
  lost: (host: string): string => `the server ${host}, which keeps this account, can’t be reached`,
  notActing: (host: string, reason: string | null): string =>
    `the server ${host}, which keeps this account, stops nothing${reason === null ? '' : `: ${asClause(plainText(reason)).slice(0, 300)}`}`,
  unreadable: 'servers.json can’t be read, so it isn’t known which server keeps this account',
  /** A clause. Null: it isn't known which. */
  noRules: (host: string | null): string =>
    `${host === null ? 'a server' : `the server ${host}`} keeps this account, so rules and Keep running are set there, or with podkeeper keep and podkeeper rules`,
} as const

const asClause = (sentence: string): string => sentence.replace(/\.$/, '')
