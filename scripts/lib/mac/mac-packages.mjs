import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { UserError } from '../log.mjs'
import { inProject, readJson } from '../project.mjs'
import { run, tail } from '../run.mjs'
import { readSigning, signAndNotarize } from './signing.mjs'

/**
 * Makes a zip, with which the app updates itself, and a disk image of the bundle in `folder`, with the system's own
 * programs. Signs and notarizes it first where the environment says how. Returns their paths, in `out`, and whether it is
 * signed.
 */
export async function makeMacPackages({ folder, executable, out, arch, env = process.env }) {
  if (process.platform !== 'darwin') throw new UserError('Packages of macOS are made on macOS.')
  const signing = readSigning(env)
  const app = join(folder, `${executable}.app`)
  if (signing !== null) await signAndNotarize(app, signing)
  const name = join(out, `Podkeeper-${readJson(inProject('package.json')).version}-darwin-${arch}`)
  await ask('ditto', ['-c', '-k', '--keepParent', app, `${name}.zip`])
  const content = mkdtempSync(join(tmpdir(), 'podkeeper-dmg-'))
  try {
    // What a person drags there.
    symlinkSync('/Applications', join(content, 'Applications'))
    await ask('ditto', [app, join(content, basename(app))])
    const flags = ['-volname', 'Podkeeper', '-fs', 'HFS+', '-format', 'UDZO', '-ov']
    await ask('hdiutil', ['create', ...flags, '-srcfolder', content, `${name}.dmg`])
  } finally {
    rmSync(content, { recursive: true, force: true })
  }
  if (signing !== null) await ask('codesign', ['--sign', signing.identity, '--timestamp', `${name}.dmg`])
  return { files: [`${name}.zip`, `${name}.dmg`], isSigned: signing !== null }
}

async function ask(program, args) {
  const { code, output } = await run(program, args)
  if (code !== 0) throw new UserError(`${program} failed:\n${tail(output)}`)
}
