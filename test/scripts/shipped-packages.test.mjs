import { expect, test } from 'vitest'
import { packageOfModule } from '../../scripts/lib/bundled-packages.mjs'
import { shippedSbom } from '../../scripts/lib/sbom.mjs'
import { licensesText } from '../../scripts/lib/shipped-packages.mjs'

test.each([
  ['/home/me/podkeeper/node_modules/react/index.js', 'node_modules/react'],
  ['/x/node_modules/@xterm/xterm/lib/xterm.mjs?used', 'node_modules/@xterm/xterm'],
  ['/x/node_modules/a/node_modules/@b/c/d.js', 'node_modules/a/node_modules/@b/c'],
  [String.raw`C:\x\node_modules\ky\index.js`, 'node_modules/ky'],
  ['/x/src/main/index.ts', null],
])('the module %s is of %s', (id, folder) => {
  expect(packageOfModule(id)).toBe(folder)
})

test('each license is there once, with the names of all packages that have it', () => {
  const text = licensesText([
    { name: 'a', version: '1.0.0', license: 'MIT', texts: ['Do as you like.'] },
    { name: 'b', version: '2.0.0', license: 'MIT', texts: ['Do as you like.'] },
    { name: 'c', version: '3.0.0', license: 'ISC', texts: [] },
  ])
  expect(text).toContain('a 1.0.0 (MIT)\nb 2.0.0 (MIT)\nc 3.0.0 (ISC)\n')
  expect(text.match(/Do as you like/g)).toHaveLength(1)
  expect(text).toContain('\na, b\n\nDo as you like.')
})

const component = (name, extra = {}) => ({
  'bom-ref': `${name}@1.0.0`,
  name,
  version: '1.0.0',
  purl: `pkg:npm/${encodeURIComponent(name).replace('%2F', '/')}@1.0.0`,
  ...extra,
})
const document = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:1',
  metadata: { timestamp: 'now', component: { ...component('podkeeper'), name: 'checkout' } },
  components: [
    component('@a/b', { externalReferences: [{ type: 'distribution', url: 'https://mirror.example/' }] }),
    component('tool'),
  ],
  dependencies: [
    { ref: 'podkeeper@1.0.0', dependsOn: ['@a/b@1.0.0', 'tool@1.0.0'] },
    { ref: 'tool@1.0.0', dependsOn: ['@a/b@1.0.0'] },
  ],
}

test('the list of parts has what is shipped, and nothing of tools, times and mirrors', () => {
  const sbom = shippedSbom(document, [{ name: '@a/b', version: '1.0.0' }], '45.4.1')
  expect(sbom.components.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'electron 45.4.1',
    '@a/b 1.0.0',
  ])
  expect(sbom.dependencies).toEqual([{ ref: 'podkeeper@1.0.0', dependsOn: ['@a/b@1.0.0'] }])
  expect(sbom.metadata.component.name).toBe('podkeeper')
  expect(JSON.stringify(sbom)).not.toMatch(/mirror|now|uuid|checkout/)
})

test('a part that npm doesn’t list is an error, not left out', () => {
  expect(() => shippedSbom(document, [{ name: 'lost', version: '1.0.0' }], '45.4.1')).toThrow(/lost@1\.0\.0/)
})
