import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '../log.mjs'

const DAY_MS = 86_400_000
/** As src/core/updates/release-feed.ts reads it. */
const PREFIX = 'podkeeper releases\n'

/** Writes a new private key to `file`, which must not exist, and returns the public one, as a build takes it. */
export function createReleaseKey(file) {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' })
  return publicKeyOf(privateKey)
}

const publicKeyOf = (privateKey) =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')

/**
 * The signed feed, as the text of releases.json: this release, and the others of `previous`, the text of an earlier
 * feed by the same key. It expires after `days`. `oldestElectron` is the oldest Electron without known security faults;
 * null: what the earlier feed says.
 */
export async function makeReleaseFeed({
  keyFile,
  version,
  page,
  files,
  days,
  previous = null,
  oldestElectron = null,
  nowMs,
}) {
  const key = createPrivateKey(readFileSync(keyFile))
  const earlier = previous === null ? { releases: [] } : feedOf(previous)
  const others = earlier.releases.filter((one) => one.version !== version)
  // Left out of the JSON where it is undefined.
  const oldestSafeElectron = oldestElectron ?? earlier.oldestSafeElectron
  const release = {
    version,
    date: new Date(nowMs).toISOString().slice(0, 10),
    page,
    files: await Promise.all(files.map(describeFile)),
  }
  const signedAt = new Date(nowMs).toISOString()
  const expiresAt = new Date(nowMs + days * DAY_MS).toISOString()
  const feed = JSON.stringify({ signedAt, expiresAt, releases: [release, ...others], oldestSafeElectron })
  const signature = sign(null, Buffer.from(PREFIX + feed), key).toString('base64')
  return { text: `${JSON.stringify({ feed, signature })}\n`, publicKey: publicKeyOf(key), expiresAt }
}

function feedOf(text) {
  try {
    return JSON.parse(JSON.parse(text).feed)
  } catch {
    throw new UserError('The earlier feed can’t be read.')
  }
}

async function describeFile(file) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  const name = basename(file)
  return { name, sizeBytes: statSync(file).size, sha256: hash.digest('hex'), ...targetOf(name) }
}

/** Which app updates itself with a file: a zip of macOS or an installer of Windows. */
function targetOf(name) {
  const [, target] =
    /(darwin-(?:arm64|x64))[^/]*\.zip$/.exec(name) ?? /(win32-(?:arm64|x64))[^/]*\.exe$/.exec(name) ?? []
  return target === undefined ? {} : { target }
}
