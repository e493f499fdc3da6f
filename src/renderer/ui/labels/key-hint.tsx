/**
 * The key of a control, for the eye only: it is drawn by the style sheet, so that it is no part of the control's name.
 */
export function KeyHint({ name }: { readonly name: string }) {
  return <kbd className="key-hint" data-key={name} aria-hidden="true" />
}
