import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { headerPolicy } from '../../../src/main/hardening/content-security-policy'
import { pageResponse } from '../../../src/main/windows/page-response'

let root: string
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-pages-'))
  root = join(folder, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(root, 'folder.js'))
  mkdirSync(join(folder, 'main'))
  writeFileSync(join(folder, 'main/index.js'), 'secret')
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'assets/index-a1_B.js'), 'page()')
  writeFileSync(join(root, 'notes.txt'), 'of no known type')
  writeFileSync(join(root, '.hidden.js'), 'hidden')
  symlinkSync(join(folder, 'main/index.js'), join(root, 'link.js'))
  symlinkSync(join(folder, 'main'), join(root, 'linked'))
})

const ask = (address: string, method = 'GET') => pageResponse(root, { url: address, method })

test('a page is served with its type, its policy, and without content sniffing', async () => {
  const response = await ask('podkeeper://app/index.html')
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('<!doctype html>')
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': headerPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
    'cross-origin-resource-policy': 'same-origin',
  })
  const script = await ask('podkeeper://app/assets/index-a1_B.js')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('a root that is reached through a link serves its pages', async () => {
  const link = `${root}-link`
  symlinkSync(root, link)
  const response = await pageResponse(link, { url: 'podkeeper://app/index.html', method: 'GET' })
  expect(response.status).toBe(200)
})

test.each([
  'podkeeper://app/',
  'podkeeper://app/../main/index.js',
  'podkeeper://app/%2e%2e/main/index.js',
  'podkeeper://app/assets/%2E%2E/%2e%2e/main/index.js',
  'podkeeper://app/..%2fmain%2findex.js',
  'podkeeper://app/..%5cmain%5cindex.js',
  'podkeeper://app/..\\main\\index.js',
  'podkeeper://app/assets\\index-a1_B.js',
  'podkeeper://app//etc/hosts.js',
  'podkeeper://app/etc/passwd',
  'podkeeper://app/index.html%00.js',
  'podkeeper://app/index.html\0.js',
  'podkeeper://app/index.html?file=../main/index.js',
  'podkeeper://app/index.html?',
  'podkeeper://app/assets//index-a1_B.js',
  'podkeeper://app/assets/',
  'podkeeper://app/folder.js',
  'podkeeper://app/.hidden.js',
  'podkeeper://app/notes.txt',
  'podkeeper://app/link.js',
  'podkeeper://app/linked/index.js',
  'podkeeper://app/missing.js',
  'podkeeper://other/index.html',
  'podkeeper://user@app/index.html',
  'podkeeper://app:80/index.html',
  'https://app/index.html',
  'file:///etc/passwd',
  'nonsense',
])('%s is not found', async (address) => {
  const response = await ask(address)
  expect(response.status).toBe(404)
  expect(await response.text()).toBe('Not found')
})

test.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('a page can only be read: %s is not found', async (method) => {
  expect((await ask('podkeeper://app/index.html', method)).status).toBe(404)
})
