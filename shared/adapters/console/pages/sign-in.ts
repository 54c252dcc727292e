import type { Frame, SignInView } from '../../../ports/console-pages.ts'
import { html } from '../../html/html.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to } from '../frame.ts'

/** Asks for the API token. */
export function signInPage(assets: Assets, frame: Frame, view: SignInView): string {
  return drawPage(assets, frame, {
    title: 'Sign in',
    bare: true,
    body: html`${view.wrong && html`<p role="alert" class="negative">That is not the token.</p>`}
<form method="post" action="${to(frame, 'sign-in')}" class="filter">
<input type="hidden" name="to" value="${view.to}">
<label>API token <input type="password" name="token" required autofocus autocomplete="current-password"></label>
<button>Sign in</button>
</form>
<p class="note">The token is in the secret <code>edgefund-api-token</code>. A session lasts twelve hours; a new token ends all sessions.</p>`,
  })
}
