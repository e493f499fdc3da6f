import { plainText } from '../../../core/base/text/plain-text'

/** Which pod is meant. Lists of pods are indented lines. */
export const findText = {
  several: (
    query: string,
    {
      isId,
      isOneAccount,
      count,
      list,
    }: Readonly<{ isId: boolean; isOneAccount: boolean; count: number; list: string }>,
  ) =>
    `${count} pods ${isId ? 'have the id' : 'are called'} ${quoted(query)}. ${isOneAccount ? 'Use the id of one' : 'Choose the account with --account'}:\n${list}`,
  noQuery: 'No pod was named. Give its name or id.',
  none: (query: string, hint: string) => `No pod has the name or id ${quoted(query)}. ${hint}`,
  similar: (list: string) => `Did you mean:\n${list}`,
  available: (list: string) => `Available pods:\n${list}`,
  noPods: (hasSeveralAccounts: boolean) =>
    hasSeveralAccounts ? 'The accounts have no pods.' : 'The account has no pods.',
  more: (count: number) => `and ${count} more`,
} as const

const quoted = (query: string): string => `"${plainText(query)}"`
