import { join } from 'node:path'

/** The folder of one account in a part of the data folder, which no account id can lead out of. */
export const accountFolder = (dataFolder: string, part: 'costs' | 'history', accountId: string): string =>
  join(dataFolder, part, accountId.replaceAll(/[^\w-]/g, '_'))
