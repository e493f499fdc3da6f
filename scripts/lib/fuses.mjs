/*
 * What a packaged Electron can no longer do, whoever starts it and however: switches in its binary, read before
 * any code of ours. Reasons: docs/decisions/0009-fuses.md.
 */
const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
}

/** Electron checks an archive's integrity on these platforms only; elsewhere the fuse does nothing. */
const CHECKS_INTEGRITY = ['darwin', 'win32']

/** The fuses of a package for `platform`, by name. */
const fusesFor = (platform) => ({
  ...FUSES,
  EnableEmbeddedAsarIntegrityValidation: CHECKS_INTEGRITY.includes(platform),
})

/**
 * Sets the fuses of `executable` (of the `.app` on macOS) and returns the names of those that this Electron is too
 * old to have.
 */
export async function setFuses(executable, platform) {
  const { flipFuses, FuseV1Options, FuseVersion } = await importFuses()
  const present = await readFuses(executable)
  const required = Object.entries(fusesFor(platform))
  const settable = required.filter(([name]) => name in present)
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Changing the binary breaks the signature without which macOS runs nothing on Apple's processors; only a Mac
    // can make another.
    resetAdHocDarwinSignature: platform === 'darwin' && process.platform === 'darwin',
    ...Object.fromEntries(settable.map(([name, value]) => [FuseV1Options[name], value])),
  })
  return required.map(([name]) => name).filter((name) => !(name in present))
}

/** Whether each fuse that `executable` has is on, by name. */
async function readFuses(executable) {
  const { getCurrentFuseWire, FuseV1Options } = await importFuses()
  const wire = await getCurrentFuseWire(executable)
  const names = Object.keys(FUSES).filter((name) => FuseV1Options[name] in wire)
  return Object.fromEntries(names.map((name) => [name, wire[FuseV1Options[name]] === '1'.charCodeAt(0)]))
}

/** Not imported above: it is there only after npm ci. */
async function importFuses() {
  return (await import('@electron/fuses')).default
}
