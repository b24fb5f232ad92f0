### Every word that people read, in the order in which they meet it.
### Plain, short, sentence case, no blame. What went wrong, then what to do now.

## Everywhere

layout-page-title = { $page } · { $brand }
layout-skip = Skip to content
number = { $value }
time-short = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }, { $time }

## Forms

form-error-prefix = Error:
form-error-title = { $count ->
    [one] There is a problem
   *[other] There are { $count } problems
}
form-optional = optional
form-password-show = Show
form-password-hide = Hide
field-email = Email
field-email-or-username = Email or username
field-password = Password
field-new-password = New password
field-repeat-password = Repeat the password
field-first-name = First name
field-last-name = Last name
field-code = Code
field-client-id = Client ID

## Signing in

sign-in-title = Sign in
sign-in-lead = Welcome back to { $brand }.
sign-in-continue = Continue
sign-in-button = Sign in
sign-in-link = Sign in
sign-in-no-account = No account yet?
sign-in-error-identifier = Enter your email.
sign-in-error-identifier-shape = Enter an email address such as name@example.com.
sign-in-error-unknown = Nobody has an account with this email here. Check it, or create an account.
identity-not-you = Not you?
password-title = Enter your password
password-forgot = Forgot password?
password-error-missing = Enter your password.
password-error-wrong = That email and password don’t match. Try again, or reset the password.
busy-error = Many people are signing in at this moment. Wait a few seconds and try again.

## Signing up

sign-up-title = Create your account
sign-up-lead = It takes a minute, and { $brand } is yours to use.
sign-up-email-hint = We’ll send a code to check that it’s yours.
sign-up-button = Create account
sign-up-link = Create one
sign-up-have-account = Already have an account?
sign-up-error-first-name = Enter your first name.
sign-up-error-last-name = Enter your last name.

## Codes by email

email-code-title = Check your email
email-code-sent = We sent a code to { $address }.
email-code-resent = A new code is on its way. Earlier ones no longer work.
email-code-hint = You can paste it.
email-code-verify = Confirm email
email-code-reset = Continue
email-code-missing = Nothing there? Look in spam, or
email-code-resend = send a new code
email-code-restart = Use another email
email-code-error-missing = Enter the code from the email.
email-code-error-wrong = That code isn’t right. Check the newest email, or ask for a new code.
email-code-error-expired = That code has expired. Ask for a new one below.
email-code-error-too-many = Too many tries with this code. Ask for a new one below.

## Choosing a password

choose-password-title = Choose a password
choose-password-first = The last step: this is how you’ll sign in from now on.
choose-password-moved = { $brand } has a new sign-in. Choose a password once, and everything else is as you left it.
choose-password-temporary = The password you used was temporary. Choose your own now.
choose-password-reset = Your old password stops working as soon as you save the new one.
choose-password-rule = At least 8 characters, and not a common password.
choose-password-button = Save password and sign in
choose-password-error-missing = Enter a new password.
choose-password-error-short = Use at least 8 characters.
choose-password-error-long = Use fewer characters: at most { $limit }.
choose-password-error-common = Too many people use this password, so it is easy to guess. Choose another.
choose-password-error-repeat = The two passwords differ. Type the same one twice.
reset-title = Reset your password
reset-lead = We’ll send a code to your email. With it, you choose a new password.
reset-button = Send the code
reset-back = Back to sign in

## Where it stops

locked-title = Sign-in is paused
locked-what = There were too many tries with a wrong password, so we paused sign-in for this account.
locked-remedy = { $minutes ->
    [one] Try again in 1 minute.
   *[other] Try again in { $minutes } minutes.
}
locked-reset = Reset the password
locked-restart = Use another account
error-restart = Start again
error-support = If it happens again, send this to support:
error-code = Error code
error-support-id = Support ID
fault-title = Something went wrong
fault-bad-request-what = The app asked for a sign-in in a way that we can’t accept.
fault-bad-request-remedy = Go back to the app and try again. If you look after the app, check what it sends to the sign-in page.
fault-out-of-order-what = This page belongs to another step of the sign-in, or the sign-in has already ended.
fault-out-of-order-remedy = Start again from the app. Use one tab, and the page’s own buttons.
fault-other-browser-title = Continue in the other browser
fault-other-browser-what = This sign-in was started in another browser, or cookies are blocked here.
fault-other-browser-remedy = Go back to the browser in which you started, or start again here with cookies allowed.
fault-expired-title = This sign-in took too long
fault-expired-what = For your safety a sign-in can’t stay open for long.
fault-expired-remedy = Start again. You won’t lose anything.
fault-suspended-title = You can’t sign in
fault-suspended-what = This account has been suspended.
fault-suspended-remedy = Ask the people who run { $brand } to let you back in.
fault-no-access-title = You don’t have access
fault-no-access-what = Your account doesn’t belong to the organization that this sign-in is for, or the organization is suspended.
fault-no-access-remedy = Ask someone there to let you in, or sign in with another account.
fault-sign-up-closed-title = Sign-up is closed
fault-sign-up-closed-what = { $brand } doesn’t take new accounts here.
fault-sign-up-closed-remedy = Sign in if you have an account, or ask for an invitation.
fault-no-method-title = There is no way to sign in
fault-no-method-what = No sign-in method is switched on for this app.
fault-no-method-remedy = If you look after the app, switch one on in its authentication settings.
fault-not-found-title = Page not found
fault-not-found-what = There is nothing at this address.
fault-not-found-remedy = Check the address, or start again from the app.
fault-too-many-title = Too many requests
fault-too-many-what = A lot of requests came from your network in a short time.
fault-too-many-remedy = Wait a minute and try again.
fault-internal-what = The fault is ours. It has been written to the log.
fault-internal-remedy = Wait a moment and try again.
invalid-redirect-title = Invalid callback URL
invalid-redirect-what = After signing in you would have been sent to an address that isn’t on the app’s list. To keep you safe, we stopped here.
invalid-redirect-asked = The address that was asked for
invalid-redirect-developer = If you look after this app, add that address to its allowed callback URLs. It must match exactly, without a space before or after it.

## The end of it

signed-out-title = You’re signed out
signed-out-what = You can close this page now.
signed-out-again = Sign in again
success-title = You’re signed in
success-what = You can go back to { $brand } now.
success-continue = Continue to { $brand }
choose-organization-title = Choose an organization
choose-organization-lead = You belong to more than one. Where do you want to go?
choose-organization-restart = Use another account

## Mail
## No subject has a code in it: subjects show on locked screens, and in lists.

mail-code-expires = { $minutes ->
    [one] It works once, for 1 minute.
   *[other] It works once, for { $minutes } minutes.
}
mail-verification-code-subject = Your code for { $brand }
mail-verification-code-title = Confirm your email
mail-verification-code-lead = Enter this code to confirm your email for { $brand }:
mail-verification-code-ignore = If you didn’t ask for it, ignore this mail: without the code nothing happens.
mail-sign-in-code-subject = Your sign-in code for { $brand }
mail-sign-in-code-title = Sign in
mail-sign-in-code-lead = Enter this code to sign in to { $brand }:
mail-sign-in-code-ignore = If you aren’t signing in, ignore this mail and give the code to nobody.
mail-reset-code-subject = Reset your { $brand } password
mail-reset-code-title = Reset your password
mail-reset-code-lead = Enter this code to choose a new password for { $brand }:
mail-reset-code-ignore = If you didn’t ask for it, ignore this mail: your password stays as it is.
mail-existing-account-subject = You already have an account with { $brand }
mail-existing-account-title = You already have an account
mail-existing-account-lead = Someone, probably you, tried to create an account with this email. There is one already. To choose a new password for it, enter this code:
mail-existing-account-ignore = If it wasn’t you, ignore this mail: your account stays as it is.
mail-test-subject = Test email from { $brand }
mail-test-title = It works
mail-test-lead = This mail came through { $server }, so codes and resets will reach people, too.
mail-test-asked = { $asked_by } asked for it in the email settings.
mail-owner-setup-subject = Set up your account for { $business }
mail-owner-setup-title = Set up your account
mail-owner-setup-lead = You own { $business } in Kith. Choose your name and password to begin.
mail-owner-setup-button = Set up my account
mail-link-once = This link works once. If the button does nothing, copy the address:
