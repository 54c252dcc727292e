import { type Html, html } from './html.ts'
import { MINUS } from './numbers.ts'

/**
 * A signed number in the colour of its sign. The sign is read from the text itself, so colour and character never disagree, and
 * a number that rounds to zero is neutral.
 */
export function toned(text: string): Html {
  return html`<span class="${toneOf(text)}">${text}</span>`
}

/** `positive`, `negative` or `neutral`, by the sign that a formatted number shows. */
export function toneOf(text: string): 'positive' | 'negative' | 'neutral' {
  if (text.includes(MINUS)) return 'negative'
  return text.includes('+') ? 'positive' : 'neutral'
}
