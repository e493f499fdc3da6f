import { type PodKey, podKeyOf } from './pod'

/** The scheme of links to a pod, which the system opens with Podkeeper. */
export const LINK_SCHEME = 'podkeeper'

const MAX_LENGTH = 1_000

/** "podkeeper://pod/ACCOUNT/ID". */
export const podLink = (accountId: string, podId: string): string =>
  `${LINK_SCHEME}://pod/${encoded(accountId)}/${encoded(podId)}`

/** Halves of a character, which an API may send, have no encoding. */
const encoded = (id: string): string =>
  encodeURIComponent(id.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )

/** The pod that a link names, whether it exists or not; null for any other text. A link never does more than that. */
export function parsePodLink(link: string): PodKey | null {
  if (link.length > MAX_LENGTH) return null
  const [, accountPart = '', podPart = ''] =
    /^podkeeper:\/\/pod\/([\w.~%-]+)\/([\w.~%-]+)\/?$/i.exec(link) ?? []
  const accountId = decoded(accountPart)
  const podId = decoded(podPart)
  // The id of an account has no slash, which the key of a pod relies on.
  return accountId === '' || podId === '' || accountId.includes('/') ? null : podKeyOf(accountId, podId)
}

/** Empty for what nobody encoded, and for what no id contains. */
function decoded(part: string): string {
  try {
    const text = decodeURIComponent(part)
    return /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(text) ? text : ''
  } catch {
    return ''
  }
}

/** The first link among the arguments of a program; null without one. Everything that is no link is left out. */
export function findPodLink(args: readonly string[]): string | null {
  return args.find((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`)) ?? null
}
