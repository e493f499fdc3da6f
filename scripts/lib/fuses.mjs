/*
 * Electron fuses of packaged builds: capabilities disabled in the binary itself, before any of our code runs.
 * Reasons: docs/decisions/0009-fuses.md.
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

/** Platforms where Electron checks the integrity of asar archives; elsewhere that fuse has no effect. */
const CHECKS_INTEGRITY = ['darwin', 'win32']

const fusesFor = (platform) => ({
  ...FUSES,
  EnableEmbeddedAsarIntegrityValidation: CHECKS_INTEGRITY.includes(platform),
})

/**
 * Sets the fuses of `executable` (on macOS, of the `.app`) and returns the names of those that this Electron
 * version lacks.
 */
export async function setFuses(executable, platform) {
  const { flipFuses, FuseV1Options, FuseVersion } = await importFuses()
  const present = await readFuses(executable)
  const required = Object.entries(fusesFor(platform))
  const settable = required.filter(([name]) => name in present)
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Changing the binary invalidates its signature, which Apple silicon requires; only a Mac can sign it
    // again.
    resetAdHocDarwinSignature: platform === 'darwin' && process.platform === 'darwin',
    ...Object.fromEntries(settable.map(([name, value]) => [FuseV1Options[name], value])),
  })
  return required.map(([name]) => name).filter((name) => !(name in present))
}

/** The state of each fuse that `executable` has, by name. */
async function readFuses(executable) {
  const { getCurrentFuseWire, FuseV1Options } = await importFuses()
  const wire = await getCurrentFuseWire(executable)
  const names = Object.keys(FUSES).filter((name) => FuseV1Options[name] in wire)
  return Object.fromEntries(names.map((name) => [name, wire[FuseV1Options[name]] === '1'.charCodeAt(0)]))
}

/** Imported here, because the package exists only after npm ci. */
async function importFuses() {
  return (await import('@electron/fuses')).default
}
