import { CliExit, exitCodes } from '../../output/exit'
import { copyText } from './copy-text'

/** A path of this computer, or of a pod: a name or an id, and a path that begins at the home folder unless absolute. */
export type CopyPath =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'pod'; readonly podQuery: string; readonly path: string }

/** As scp reads it: `pod:path`. Without a colon, or with a "/" before it, it is a path of this computer. */
export function parseCopyPath(text: string, platform: NodeJS.Platform): CopyPath {
  const colon = text.indexOf(':')
  const before = text.slice(0, colon)
  const isDrive = platform === 'win32' && /^([a-z]|.*\\.*)$/i.test(before)
  if (colon <= 0 || before.includes('/') || isDrive) return { kind: 'local', path: text }
  const path = text.slice(colon + 1)
  return { kind: 'pod', podQuery: before, path: path === '~' ? '' : path.replace(/^~\/+/, '') }
}

export interface CopyPaths {
  readonly direction: 'download' | 'upload'
  readonly podQuery: string
  readonly sources: readonly string[]
  readonly destination: string
}

const usage = (message: string): CliExit => new CliExit(exitCodes.usage, message)

/** The last path is where the others go. Throws a `CliExit` unless exactly one side is a pod. */
export function parseCopyPaths(texts: readonly string[], platform: NodeJS.Platform): CopyPaths {
  const paths = texts.map((text) => parseCopyPath(text, platform))
  const destination = paths.at(-1)
  const sources = paths.slice(0, -1)
  const [first] = sources
  if (destination === undefined || first === undefined) throw usage(copyText.usage)
  if (paths.some(({ path }) => path.includes('\0'))) throw usage(copyText.badCharacter)
  if (sources.some(({ kind }) => kind !== first.kind) || first.kind === destination.kind)
    throw usage(copyText.directions)
  const pods = paths.flatMap((path) => (path.kind === 'pod' ? [path.podQuery] : []))
  const [podQuery = ''] = pods
  if (pods.some((each) => each !== podQuery)) throw usage(copyText.onePod)
  return {
    direction: first.kind === 'pod' ? 'download' : 'upload',
    podQuery,
    sources: sources.map(({ path }) => path),
    destination: destination.path,
  }
}
