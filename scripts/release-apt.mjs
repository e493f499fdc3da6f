import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { log, runCommand, UserError } from './lib/log.mjs'
import { inProject } from './lib/project.mjs'
import { makeAptRepository } from './lib/release/apt-repository.mjs'

/**
 * `npm run release:apt -- --url URL [--key FINGERPRINT] [--folder dist/apt] [--days 30] [FILE.deb…]`: adds Debian
 * packages to a signed apt repository, or signs it anew without any. The key is one of gpg's keyring; without --key it is
 * that of PODKEEPER_APT_KEY. See docs/install.md.
 */
await runCommand(async () => {
  const { key, url, folder, days, files } = readArguments()
  const made = await makeAptRepository({ folder, files, fingerprint: key, url, days, nowMs: Date.now() })
  log(
    `${relative(process.cwd(), folder) || '.'} has ${made.packages.join(', ')}, signed by ${key} for ${days} days.`,
  )
})

function readArguments() {
  const options = {
    key: { type: 'string', default: process.env['PODKEEPER_APT_KEY'] },
    url: { type: 'string' },
    folder: { type: 'string', default: inProject('dist/apt') },
    days: { type: 'string', default: '30' },
  }
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const { key, url, folder } = values
    if (!key || !url?.startsWith('https://')) throw new Error('A key and an https address are needed.')
    const days = Number(values.days)
    if (!(days > 0 && days <= 365)) throw new Error('--days is 1 to 365.')
    return {
      key: key.replaceAll(' ', '').toUpperCase(),
      url,
      folder: resolve(folder),
      days,
      files: positionals,
    }
  } catch (error) {
    throw new UserError(
      `${error.message}\nOptions: --url URL [--key FINGERPRINT] [--folder FOLDER] [--days 30] [FILE.deb…]`,
    )
  }
}
