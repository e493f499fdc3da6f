import { join } from 'node:path'
import * as v from 'valibot'
import { channelIdSchema } from '../../../core/channels/channel-codec'
import { openSecrets, type SecretKeyring, type Secrets, type SecretsKind } from './secrets-file'

const channelSecrets: SecretsKind = {
  field: 'channels',
  id: channelIdSchema,
  values: v.record(v.pipe(v.string(), v.maxLength(50)), v.pipe(v.string(), v.maxLength(2_000))),
  text: {
    notSaved: 'The address was not saved',
    notRemoved: 'The earlier address was not removed',
    unreadable: 'Its address can’t be read',
    missing: 'Its address is missing. Enter it again.',
    onlyApp: 'The app keeps its address in the system keyring, so only the app can send to it.',
    stays: 'The address of a removed channel stays',
  },
}

/** Addresses and tokens of channels, in `channel-secrets.json`. */
export const openChannelSecrets = (
  folder: string,
  keyring: SecretKeyring | null,
  report: (what: string, cause: unknown) => void,
): Secrets => openSecrets(join(folder, 'channel-secrets.json'), channelSecrets, keyring, report)
