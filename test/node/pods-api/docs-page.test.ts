import { expect, test } from 'vitest'
import { docsPage } from '../../../src/node/pods-api/docs-page'

test('the page for people leads nowhere, since a request from a page is refused', () => {
  expect(docsPage().body).not.toMatch(/href|src=/)
})
