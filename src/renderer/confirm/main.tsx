import '@fontsource-variable/inter/wght.css'
import '../ui/styles/tokens.css'
import '../ui/styles/base.css'
import '../ui/styles/forced-colors.css'
import './confirm.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { ConfirmationBridge } from '../../shared/confirmation'
import { ConfirmPage } from './confirm-page'
import { createQuestionStore } from './question-store'

declare global {
  interface Window {
    readonly confirmation: ConfirmationBridge
  }
}

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <ConfirmPage questionStore={createQuestionStore(window.confirmation)} />
  </StrictMode>,
)
