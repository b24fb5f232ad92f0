### Every word that people read, in the order in which they meet it.
### Plain, short, sentence case, no blame. What went wrong, then what to do now.

## Everywhere

layout-page-title = { $page } · { $brand }
layout-skip = Skip to content
layout-open-menu = Open the menu
layout-search = Search
layout-places = Places
layout-account-menu = Account menu
layout-sign-out = Sign out
button-back = Back
button-cancel = Cancel
button-copied = Copied
button-copy = Copy
button-delete = Delete
button-edit = Edit
button-save = Save
button-show-all = Show all
button-undo = Undo
button-view-details = View details
row-menu = Actions for { $name }
pager-label = Pages
pager-previous = Previous
pager-next = Next
value-none = None
tab-details = Details
column-actions = Actions
column-by = By
column-created = Created
column-description = Description
column-event = Event
column-identity = Identity
column-joined = Joined
column-key = Key
column-last-sign-in = Last sign-in
column-members = Users
column-name = Name
column-organization = Organization
column-source = Source
column-status = Status
column-subject = Subject
column-to = To
column-type = Type
column-when = When
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
password-none-yet = No password here yet?
password-email-code = Get a code by email
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
workflow-says = { $text }
choose-password-error-common = Too many people use this password, so it is easy to guess. Choose another.
choose-password-error-repeat = The two passwords differ. Type the same one twice.
reset-title = Reset your password
reset-lead = We’ll send a code to your email. With it, you choose a new password.
reset-button = Send the code
reset-back = Back to sign in

## Where it stops

locked-title = Sign-in is paused
locked-what = There were too many wrong tries, so we paused sign-in for this account.
locked-remedy = { $minutes ->
    [one] Try again in 1 minute.
   *[other] Try again in { $minutes } minutes.
}
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
fault-stale-form-title = This page is out of date
fault-stale-form-what = The form was open for too long, or cookies are blocked in this browser.
fault-stale-form-remedy = Go back, load the page again and send the form once more.
fault-denied-title = You can’t do this
fault-denied-what = Your account isn’t allowed to open this page.
fault-denied-remedy = Ask an owner of this business to give you access.
fault-no-preview-title = This preview link doesn’t work
fault-no-preview-what = It has expired, or it wasn’t made here.
fault-no-preview-remedy = Ask whoever sent it for a new one. They find it in the dashboard, with the versions of the workflow.
fault-workflow-denied-what = { $brand } doesn’t let you in.
fault-workflow-denied-remedy = Ask { $brand } for help if you think that this is a mistake.
fault-workflow-stopped-what = A check that { $brand } makes during sign-in did not work.
fault-workflow-stopped-remedy = Try again in a few minutes. If it keeps happening, tell { $brand } the numbers below.
fault-too-many-codes-title = Too many codes
fault-too-many-codes-what = Several codes were sent for this account, one after the other, and none was used.
fault-too-many-codes-remedy = Use the newest one, or wait a few minutes and start again.
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
mail-new-password-subject = Choose a new { $brand } password
mail-new-password-title = Choose a new password
mail-new-password-lead = { $brand } has a new way to sign in. Your account is still there; your old password may not work any more.
mail-new-password-how = Open the page below, sign in as { $email } and choose “Forgot password?”. We’ll email you a code, and with it you choose a new password.
mail-new-password-button = Go to the sign-in
mail-new-password-ignore = If you don’t want a new password, do nothing: your account stays as it is.
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

## The management API's page

docs-contents = Contents
docs-version = Version { $version }
docs-document = The same as an OpenAPI document:
docs-scope = Scope
docs-parameters = Parameters
docs-body = Body
docs-answers = Answers
docs-fields = Fields
docs-example = Example
docs-required = required
docs-in-path = in the path
docs-in-query = in the query
docs-one-of = One of
docs-refusals = Refusals
docs-refusals-lead = Beside the answers below, any operation may refuse:

## Dashboard: places

nav-home = Home
nav-users = Users
nav-organizations = Organizations
nav-migration = Migration
nav-workflows = Workflows
nav-applications = Applications
nav-apis = APIs
nav-settings = Settings
nav-roles = Roles
nav-permissions = Permissions
nav-outbox = Outbox
search-title = Search
search-lead = { $count ->
    [0] Nothing found for “{ $q }”.
    [one] One thing found for “{ $q }”.
   *[other] { $count } things found for “{ $q }”.
}
search-empty-title = Nothing by that name
search-empty-text = Search finds settings, applications, organizations, and users by name, email or ID.
confirm-type = Type { $name } to confirm
confirm-for-good = It can’t be undone.
confirm-error-typed = What you typed is different. Type the name exactly as it is shown.

## Dashboard: the first start

set-up-title = Set up your account
set-up-lead = You’ll own { $business } in Kith.
set-up-email-hint = You sign in to this dashboard with it.
set-up-button = Create my account

## Dashboard: home

home-title = Welcome, { $name }
home-lead = { $environment } environment
home-next = What to do next
home-step-done = (done)
home-step-import-title = Bring your users
home-step-import-text = From Auth0, Clerk or any CSV, with the passwords they have now.
home-step-import-button = Import users
home-step-connect-title = Connect your app
home-step-connect-text = Copy the app keys and add your callback URLs.
home-step-connect-button = Quick start
home-step-email-title = Set up email
home-step-email-text = So that codes and password resets reach people.
home-step-email-button = Set up email
home-migration = Migration
home-migration-runs = All imports
home-migration-people = Users here
home-migration-imported = Imported
home-migration-signed-in = Signed in since
home-migration-refused = Rows refused
home-migration-open = At work, or waiting for you
home-migration-look = Asks for a look
home-migration-proof = No proof yet
home-migration-unproved = { $cohorts ->
    [one] Nobody knows yet whether the passwords of { $people } people work.
   *[other] Not seen to work yet: { $unproved } of { $cohorts } kinds of password hashes, of { $people } people.
}
home-migration-mend = { $count ->
    [one] One row was refused. See why, mend it and import the file again.
   *[other] { $count } rows were refused. See why, mend them and import the file again.
}
home-migration-sources = Where people came from
home-migration-bar = Imported users who have signed in
home-migration-progress = { $signed_in } of { $imported } imported users have signed in here.

## Dashboard: users

users-lead = { $count ->
    [0] Nobody here yet
    [one] One person
   *[other] { $count } people
}
users-import = Import users
users-add = Add user
users-add-lead = No email is sent. They confirm their address when they first sign in.
users-search = Search by name, email, phone or ID
users-empty-title = Nobody here yet
users-empty-text = Bring people from Auth0, Clerk or a CSV file. They keep their passwords and notice nothing.
users-none-title = No user matches
users-none-text = Try a part of the name or address, or look at everybody.
users-filter-all = All
users-filter-active = Active
users-filter-suspended = Suspended
users-filter-imported = Imported
users-error-email-taken = Another user has this email.
user-active = Active
user-suspended = Suspended
user-suspend = Suspend user
user-unsuspend = Unsuspend user
user-delete = Delete user
user-never = Never
user-source-import = { $source }
user-source-sign-up = Signed up here
user-source-api = Added by the API
user-source-dashboard = Added here
user-parts = Parts of this user
user-tab-identities = Identities
user-tab-activity = Activity
user-profile = Profile
user-id = User ID
user-provided-id = ID at the former provider
user-total-sign-ins = Sign-ins
user-origin = Where they came from
user-origin-here = They were added here, not imported.
user-imported-at = Imported
user-import-run = Import
user-import-run-link = Show the import
user-password-scheme = Kept as
user-password-state = State
user-password-native = Native
user-password-imported = Imported
user-password-none = No password. They get a code by email and choose one.
user-password-temporary = Temporary: they choose their own at the next sign-in
user-password-reset-requested = They choose a new one at the next sign-in
user-password-rehash = It works as it is. At their first sign-in it is replaced by our own scheme, and they notice nothing.
user-require-reset = Require password reset
user-set-temporary = Set temporary password
user-temporary-lead = { $name } uses it once, and then chooses their own.
user-temporary-field = Temporary password
user-temporary-button = Set password
user-locale = Language
user-factors = Second factors
user-factors-text = Kept, encrypted, from the former provider. Sign-in doesn’t ask for them yet.
user-factor-totp = { $count ->
    [one] One authenticator app
   *[other] { $count } authenticator apps
}
user-factor-recovery-codes = { $count ->
    [one] One recovery code
   *[other] { $count } recovery codes
}
user-factor-passkeys-here = { $count ->
    [one] One passkey, made for { $domain }: it works here
   *[other] { $count } passkeys, made for { $domain }: they work here
}
user-factor-passkeys-elsewhere = { $count ->
    [one] One passkey, made for { $domain }: browsers don’t offer it at { $host }
   *[other] { $count } passkeys, made for { $domain }: browsers don’t offer them at { $host }
}
user-factor-passkeys-unknown = { $count ->
    [one] One passkey; the file didn’t say for which domain
   *[other] { $count } passkeys; the file didn’t say for which domain
}
user-access = Access
user-access-active = Suspending ends every session and stops all sign-ins. Nothing is deleted, and you can undo it.
user-access-suspended = This user can’t sign in anywhere. Their data is kept.
user-suspended-notice = { $name } is suspended.
user-unsuspended-notice = { $name } can sign in again.
user-added-notice = { $name } was added.
user-saved-notice = The profile was saved.
user-deleted-notice = { $name } was deleted.
user-reset-notice = { $name } chooses a new password at the next sign-in.
user-reset-undone-notice = { $name } keeps the password they have.
user-temporary-notice = The temporary password was set. Tell it to { $name }; it isn’t shown again.
user-delete-title = Delete { $name }?
user-delete-what = Their profile, identities, password and memberships are deleted for good. It can’t be undone.
user-delete-sessions = They are signed out everywhere at once.
user-organizations-empty-title = In no organization
user-organizations-empty-text = Add this user from the page of an organization.
identity-verified = Verified
identity-unverified = Not verified
identity-primary = Primary
identity-make-primary = Make primary
identity-delete = Delete identity
identity-add = Add identity
identity-add-lead = One more way to sign in. It has to be confirmed at the first use.
identity-kind-email = Email
identity-kind-phone = Phone
identity-kind-username = Username
identity-kind-social = Social: { $provider }
identity-error-phone = Enter a phone number with its country code, such as +44 20 7946 0018.
identity-error-username = Use 2 to 64 letters, digits, - and _.
identity-error-taken = Somebody has this already.
identity-added-notice = The identity was added.
identity-primary-notice = The primary identity was changed.
identity-deleted-notice = The identity was deleted.
identity-delete-title = Delete { $value }?
identity-delete-what = { $name } can no longer sign in with it.
identities-empty-title = No identities
identities-empty-text = Without one, this user can’t sign in. Add an email or a username below.
activity-empty-title = Nothing has happened yet
activity-empty-text = Sign-ins and changes to this user appear here.

## Dashboard: organizations, roles, permissions

organizations-lead = Groups of users: your customers, teams or workspaces.
organizations-add = Add organization
organizations-add-lead = You can add users to it at once, or import them with the organization’s external ID.
organizations-import = Import organizations
organizations-import-lead = Bring your customers or teams over first; the users that you import next can then join them.
organizations-import-file = File
organizations-import-file-hint = A table with the columns name and id, or JSON with these keys. The id is the one from your former system.
organizations-import-would = What would happen
organizations-import-would-text = Nothing has changed yet. Choose the file again to import it.
organizations-import-done = Imported
organizations-import-done-text = Importing the same file again changes nothing.
organizations-import-records = Rows
organizations-import-created = New
organizations-import-updated = Renamed
organizations-import-unchanged = Unchanged
organizations-import-refused = Refused
organizations-import-refused-rows = { $count ->
    [one] One row was refused
   *[other] { $count } rows were refused
}
organizations-import-line = Line
organizations-import-reason = Reason
organizations-import-row = Row
organizations-search = Search by name or code
organizations-none-title = No organization matches
organizations-none-text = Try a part of its name, or its code.
organization-default = Default
organization-code = Organization code
organization-external-id = External ID
organization-external-id-hint = Your own ID for it. Imports use it to put people in the right place.
organization-parts = Parts of this organization
organization-delete = Delete organization
organization-delete-lead = Memberships and settings go; the users themselves stay.
organization-delete-title = Delete { $name }?
organization-added-notice = { $name } was added.
organization-saved-notice = { $name } was saved.
organization-deleted-notice = { $name } was deleted.
organization-error-name = Enter a name of at most 255 characters.
organization-error-external-id = Use at most 255 characters.
organization-error-external-id-taken = Another organization has this external ID.
members-error-unknown = Nobody here has this email. Add them under Users first.
member-added-notice = { $name } was added to { $organization }.
member-removed-notice = { $name } was removed from { $organization }.
member-roles-notice = The roles of { $name } were saved.
members-add = Add user to organization
members-add-lead = Someone who is a user here already.
members-empty-title = No users in this organization
members-empty-text = Add one above, or import users with this organization’s external ID.
member-edit-roles = Edit roles
member-remove = Remove from organization
member-roles-lead = What { $name } may do in { $organization }.
roles-lead = Bundles of permissions, given to people per organization.
roles-add = Add role
roles-edit = Edit role
roles-empty-title = No roles yet
roles-empty-text = A role such as “Editor” bundles permissions, and is given to people in an organization.
permissions-lead = Single rights that your app checks, by their keys.
permissions-add = Add permission
permissions-edit = Edit permission
permission-delete = Delete permission
permission-delete-what = It is taken from every role and every person.
permissions-empty-title = No permissions yet
permissions-empty-text = A permission such as read:reports arrives in the access token of those who have it.
role-default = Default
role-is-default = Give it to new members
role-is-default-hint = Everyone who joins an organization gets it.
role-delete = Delete role
role-delete-title = Delete { $name }?
role-delete-what = Everyone who has it loses it, in every organization.
role-error-key = Enter a key of at most 255 characters, without spaces or commas.
role-error-key-taken = Another one has this key.
role-error-name = Enter a name of at most 255 characters.
role-added-notice = { $name } was added.
role-saved-notice = { $name } was saved.
role-deleted-notice = { $name } was deleted.
role-key-hint = Your app and imports use it. Letters, numbers, and : . - _

## Dashboard: applications

applications-lead = Each app of yours that people or machines sign in to.
applications-add = Add application
applications-empty-title = No applications yet
applications-empty-text = Add one for each app that people or machines sign in to. Its keys connect the two.
application-parts = Parts of this application
application-name = Application name
application-name-hint = People see it when they sign in.
application-type = Application type
application-kind-reg = Back-end web
application-kind-reg-hint = Runs on a server and can keep a secret: Next.js, Rails, Django, Go.
application-kind-spa = Front-end and mobile
application-kind-spa-hint = Runs in a browser or on a phone, without a secret: React, Vue, iOS, Android.
application-kind-m2m = Machine to machine (M2M)
application-kind-m2m-hint = A program that calls an API with nobody signed in.
application-kind-device = Device and IoT
application-homepage = Application homepage URI
application-homepage-hint = Where your app’s name leads from the sign-in page.
application-login-uri = Application login URI
application-login-uri-hint = The address in your app that starts a sign-in.
application-urls = Callback URLs
application-urls-lead = Where people may be sent after signing in and out. One per line, exactly as your app sends them.
application-redirect-uris = Allowed callback URLs
application-redirect-uris-hint = For example http://localhost:3000/api/auth/kinde_callback
application-logout-uris = Allowed logout redirect URLs
application-logout-uris-hint = For example http://localhost:3000
application-error-url = Line { $line } can’t be used, { $url }: { $rule ->
    [redirect_uri_too_long] it is longer than 2,048 characters.
    [redirect_uri_whitespace] there is a space in it.
    [redirect_uri_invalid_character] special characters have to be percent-encoded.
    [redirect_uri_fragment] a callback can’t have a # in it.
    [redirect_uri_not_absolute] it is not a full URL.
    [redirect_uri_forbidden_scheme] use https, or a scheme that belongs to your app.
    [redirect_uri_credentials] leave out the user name before the host.
    [redirect_uri_invalid_host] write the host as a browser shows it.
    [redirect_uri_insecure_http] use https. Plain http is for localhost only.
    [redirect_uri_wildcard_scheme] a * needs an address with https.
    [redirect_uri_wildcard_repeated] use a single *.
    [redirect_uri_wildcard_position] the * belongs to the leftmost part of the host, as in https://*.example.com.
   *[other] a * can’t stand there.
}
application-error-name = Give it a name of at most 128 characters.
application-error-type = Choose what kind of application it is.
application-error-page = Enter a full URL, such as https://app.example.com/login.
application-added-notice = { $name } was added. Its keys are below.
application-saved-notice = { $name } was saved.
application-deleted-notice = { $name } was deleted.
application-delete-title = Delete { $name }?
application-quick-start = Quick start
application-delete = Delete application
application-delete-lead = Its keys stop working at once, and nobody can sign in to it.
app-keys = App keys
app-keys-lead = Your app needs these to connect. Keep the secret out of code that others can read.
app-keys-domain = Domain
app-keys-client-secret = Client secret
app-keys-show-secret = Show the secret
app-keys-no-secret = Front-end and mobile apps have no client secret, because they couldn’t keep it.
app-keys-rotate = Rotate client secret
app-keys-rotate-title = Rotate the client secret of { $name }?
app-keys-rotate-what = The present secret stops working at once. Your app can’t sign anybody in until it has the new one.
app-keys-rotated-notice = This is the new client secret. The former one no longer works.
quick-start-title = Connect your app
quick-start-lead = Use any SDK made for Kinde, or any OpenID Connect library.
quick-start-keys = Add the app keys to your project
quick-start-keys-text = Copy the lines below to the file your SDK reads.
quick-start-urls = Allow your callback URLs
quick-start-urls-text = Add the addresses that your app sends people back to.
quick-start-urls-button = Set URLs
quick-start-try = Sign up as your first user
quick-start-try-text = Start your app, select Sign up, then find yourself under Users.
quick-start-authorize = Authorize it for an API
quick-start-authorize-text = It can then ask for access tokens with the scopes that you choose.

## Dashboard: APIs

apis-lead = What your applications may call, and with which scopes.
apis-add = Add API
apis-add-lead = Register an API of yours, so that access tokens can be made for it.
apis-empty-title = No APIs yet
apis-empty-text = Register an API of yours, then authorize applications to call it.
api-audience = Audience
api-audience-hint = Tokens carry it, and your API checks it. Often the API’s URL. It can’t be changed later.
api-id = API ID
api-built-in = Built in
api-authorize = Authorize application
api-authorize-lead = Choose the applications that may ask for tokens for { $api }.
api-authorized-scopes = { $count ->
    [0] Authorized, no scopes
    [one] Authorized, 1 scope
   *[other] Authorized, { $count } scopes
}
api-not-authorized = Not authorized
api-revoke = Revoke authorization
api-authorized-notice = { $application } is authorized. Choose its scopes under Manage scopes.
api-revoked-notice = { $application } can no longer get tokens for this API.
api-manage-scopes = Manage scopes
api-scopes = Scopes
api-scopes-lead = What each authorized application may do with { $api }.
api-scopes-legend = Scopes of { $application }
api-scopes-empty = No scopes. Tokens then only say who is calling.
api-scopes-none-title = No application is authorized
api-scopes-none-text = Authorize an application for this API first. Then choose its scopes here.
api-scope-add = Add scope
api-delete = Delete API
api-delete-lead = Applications can’t get tokens for it anymore. Those already given work until they expire.
api-error-name = Give it a name of at most 64 characters.
api-error-audience = Enter an audience of at most 64 characters without spaces, such as https://api.example.com.
api-error-audience-taken = Another API has this audience.
api-added-notice = { $name } was added. Add its scopes below, then authorize an application.
api-deleted-notice = { $name } was deleted.
api-delete-title = Delete { $name }?
api-authorized-saved-notice = Saved. Each authorized application gets the scopes that you choose under Manage scopes.
api-scopes-saved-notice = { $application } has { $count ->
    [0] no scopes now.
    [one] 1 scope now.
   *[other] { $count } scopes now.
}
api-scope-added-notice = { $scope } was added.
api-scope-deleted-notice = { $scope } was deleted. No application has it any more.
api-scope-error-key = Enter a key of at most 64 characters without spaces, such as read:orders.
api-scope-error-reserved = This key has a meaning of its own in every sign-in. Choose another.
api-scope-error-taken = The API has a scope with this key already.

## Dashboard: import

import-lead = Bring people over with the passwords they have now.
import-choose = Choose a source
import-runs = Imports
import-runs-lead = Every import, with what it did.
import-runs-empty-title = No imports yet
import-runs-empty-text = Each import is kept here for good: what it did, how its people will sign in, and the rows that were refused. Begin with any file; nothing is written before you say so.
import-runs-empty-button = Import your first file
import-runs-none-title = None like these
import-runs-none-text = No import is in this state.
import-runs-filters = Which imports
import-runs-all = All
import-runs-open = Open
import-runs-finished = Finished
import-runs-failed = Failed or discarded
import-search = Search sources
import-none-title = No source for “{ $q }”
import-none-text = Choose “Detect it from the file” and give us the file: most exports are known by their content.
import-group-own = Your own file
import-group-providers = Providers
import-group-frameworks = Frameworks and applications
import-source = { $label }
import-source-about = { $about }
import-source-unknown = Not known yet
import-source-auto = Detect it from the file
import-source-auto-text = Give us the files as they are. We look at them and tell you whose export it is.
import-source-auth0-text = The user export (NDJSON), and the password export from Auth0 support.
import-source-clerk-text = The CSV exactly as Clerk exports it. No columns to rename.
import-source-csv-text = A CSV with the columns of the guide, from any other provider or your own system.
import-source-ndjson-text = One JSON object a line, with everything that a person can have.
import-source-aspnet-text = The AspNetUsers table, versions 2 and 3, as CSV, JSON or SQL dump.
import-source-azure-text = The users as Microsoft Graph lists them, or the CSV of the portal. Microsoft gives no passwords away.
import-source-cognito-text = The users as list-users prints them, or the CSV of the user pool. Cognito gives no passwords away.
import-source-devise-text = The users table of a Rails application with Devise or has_secure_password.
import-source-django-text = The output of dumpdata, or the auth_user table as CSV or SQL dump.
import-source-drupal-text = The users tables as CSV or SQL dump.
import-source-firebase-text = The users from firebase auth:export, and the project’s password hash parameters.
import-source-fusionauth-text = The users as the search API or the export gives them, with salts and factors.
import-source-joomla-text = The users table as CSV or SQL dump.
import-source-keycloak-text = The realm file, or the files of the export folder.
import-source-kith-text = What kith export wrote.
import-source-kratos-text = The identities as Ory Kratos lists them.
import-source-laravel-text = The users table as CSV, JSON or SQL dump.
import-source-ldap-text = An LDIF file of the directory, with userPassword where you may read it.
import-source-logto-text = The users as the management API lists them.
import-source-okta-text = The users as the API lists them. Okta gives no passwords away.
import-source-phpbb-text = The users table as CSV or SQL dump.
import-source-supabase-text = The tables of the auth schema as CSV, JSON or pg_dump, with identities and factors.
import-source-supertokens-text = The users as the bulk export gives them.
import-source-symfony-text = The users table as CSV or SQL dump.
import-source-wordpress-text = The wp_users table as CSV or SQL dump, with wp_usermeta where you have it.
import-source-zitadel-text = The users of an export with passwords.
import-promise = What you can count on
import-promise-passwords = Passwords keep working. Nobody has to reset anything.
import-promise-dry-run = You see what will happen before anything is written.
import-promise-risks = Risks are told first: shared and unsalted hashes, columns that would let strangers in, unproven addresses of administrators.
import-promise-undo = An import can be undone: everybody is again what they were, save those who have changed since.
import-promise-twice = The same file twice changes nothing. Correct it and import again as often as you like.
import-promise-mail = Nobody gets an email because of an import.
import-files-label = Files
import-file-hint = As they were exported, of any size. Several files of one export go together. Packed ones (.gz) work, too.
import-file-users = Users
import-file-users-hint = The NDJSON file of the User Import / Export extension.
import-file-passwords = Passwords
import-file-passwords-hint = The NDJSON file from Auth0 support. Add it now, or on its own later.
import-error-file = Choose a file.
import-error-unknown = This file is not one that we know. Its first line should name the columns, and one of them should be email. If it is a table or JSON of your own, choose “Your own table” or “Your own JSON” as the source, and say there what its columns are.
import-error-reason = { $reason }
import-drop = Drop the file here, or choose one
import-check = Upload and check
import-check-hint = Nothing is written yet.
import-uploading = Uploading
import-arrived = What is here
import-arrived-text = Files are kept for a day after the last piece. Nothing of them is read before all of them are here.
import-arrived-of = { $received } of { $bytes }
import-arrived-so-far = { $received } so far
import-arrived-none = Nothing yet
import-all-here = Everything is here
import-all-here-text = The next step reads the files and tells what would happen.
import-check-now = Check the files
import-go-on = Go on
import-go-on-text = Choose the same files again. What is here already isn’t sent twice.
import-go-on-files = The same files
import-go-on-button = Go on with the upload
import-go-on-anew = Without JavaScript the files are sent from their beginning.
import-upload-starting = Starting
import-upload-close = You can close this page and come back: the upload goes on when you choose the same files again.
import-upload-rate = { $received } of { $bytes } · { $rate } a second · { $left } left
import-upload-far = { $received } of { $bytes }
import-upload-broken = The connection broke. Trying again in { $seconds } s; what is here is kept.
import-upload-other = Choose { $name } as well: the file of this name that is { $size } large.
import-upload-looking = Looking at the files
import-upload-failed = That did not work. What is here is kept: reload the page to go on.
size-b = { $value } B
size-kb = { $value } kB
size-mb = { $value } MB
size-gb = { $value } GB
import-checking = Checking the file
import-importing = Importing users
import-head-lead = { $source } · { $files }
import-parts = Parts of this import
import-tab-overview = Overview
import-tab-rows = Refused rows and warnings
import-options = More options
import-params-closed = Only where passwords are hashed with a project’s own key, as with Firebase:
import-tab-detective = Hash detective
import-tab-columns = Columns
import-map-table = { $file }: a table. { $rows } rows were looked at.
import-map-separator = Between the cells
import-map-separator-hint = Another one makes other columns: try it, and they are shown.
import-map-separator-comma = Comma
import-map-separator-semicolon = Semicolon
import-map-separator-tab = Tab
import-map-separator-pipe = Vertical bar
import-map-dates = Form of the dates
import-map-dates-are = As its values show: { $format }
import-map-dates-which = Day or month first?
import-map-dates-each = Each date by itself
import-map-objects = { $file }: JSON objects. { $rows } of them were looked at.
import-map-check = Please check
import-map-column = Column
import-map-values = First values
import-map-guess = Looks like
import-map-chosen = Read as
import-map-blank = Blank
import-map-certain = Certain
import-map-likely = Likely
import-map-unsure = Unsure
import-map-unknown = No idea
import-map-ignore = Not taken
import-map-fields = What the fields mean
import-map-constants = What all rows have
import-map-constants-text = Unless a row says otherwise itself.
import-map-said = Rows say it
import-map-hashing-method = Hashing method
import-map-salt-position = Salt position
import-map-salt-format = Salt format
import-map-iterations = Iterations
import-map-organization = Organization, by its external ID
import-map-role = Roles, by their keys
import-map-locale = Language
import-map-formula = Formula of the hashes
import-map-formula-hint = Only for hashes of your own making: sha1(salt + md5(password)). The hash detective can find it.
import-map-formula-set = A formula is set. It isn’t shown, because there may be a secret in it; type another one to replace it.
import-map-formula-none = Take the formula out
import-map-preview = Try it on the first rows
import-map-apply = Check the files with this
import-map-apply-hint = Nothing is written: the files are read again, and you see what would happen. The import then reads them the same way.
import-map-download = Download as file
import-map-first-rows = The first rows, read like this
import-map-applied = Noted. The files are read again with it.
import-map-problem = The column “{ $column }” can’t be read like this. The reason is beside it.
import-map-say = Say what the columns are
import-tab-proof = Proof
import-proof-title = Try passwords that you know
import-proof-text = Your own, a colleague’s, a test account’s: at most { $max } at a time. It is no sign-in, and locks nobody out. A person can be tried wrongly five times an hour.
import-proof-identifier-hint = Their email, phone, username, or ID at the former provider.
import-proof-several = Several at once
import-proof-pairs = One person a line
import-proof-pairs-hint = identifier,password with double quotes around a password that has a comma in it; or a JSON object with these keys.
import-proof-file = Or a file
import-proof-file-hint = CSV with the header identifier,password, or NDJSON with these keys. It is only read, and not kept.
import-proof-button = Try them
import-proof-answers = What they have shown
import-proof-none = Say whose password you know, and the password.
import-proof-many = { $count } passwords are too many for one form. Try at most { $max } of them.
import-proof-large = This is larger than any list of a few passwords. Take out the rest.
import-proof-right = Right
import-proof-right-text = The password is right: { $cohort } works.
import-proof-other-text = The password is right, but it came with another import. It shows nothing of this one.
import-proof-here-text = The password is right, but it was set here. It shows nothing of the import.
import-proof-wrong = Wrong
import-proof-wrong-text = It is not theirs, was changed after the export, or the hash was misunderstood. Try another person of the same scheme before you go on.
import-proof-no-password = No password
import-proof-no-password-text = They have no password here, so there is nothing to try.
import-proof-no-person = Unknown
import-proof-no-person-text = Nobody here has this email, phone, username or former ID.
import-proof-too-many = Not tried
import-proof-too-many-text = Five wrong passwords were tried of this person. Wait an hour, or try another one.
import-detective-title = How were these passwords hashed?
import-detective-text = One password that you know is enough: your own, or that of a test account at the former provider. Scheme, salt, encoding and pepper are tried in a second.
import-detective-identifier = Whose password it is
import-detective-identifier-hint = Their email, username or ID, as it stands in the file.
import-detective-password-hint = It is only compared, and neither kept nor shown.
import-detective-pepper = Pepper
import-detective-pepper-hint = A secret from the former program’s settings, if it mixed one in.
import-detective-button = Find out
import-detective-who = Say whose password it is.
import-detective-password-missing = Type their password.
import-detective-no-row = No row of the files has this. Write it as it stands there.
import-detective-found = Found, from the column { $column }
import-detective-apply = Apply to the whole file
import-detective-applied = Applied. The files are read again with it.
import-detective-no-place = This source has no place for what was found. Import the file as a custom CSV.
import-detective-ambiguous = Several readings fit
import-detective-another = Ask about another person: a second password usually decides.
import-detective-nothing = Nothing fits. Is it the right password, and was it changed after the export?
import-detective-no-time = Nothing was found in the time there was. Try again, or with another person.
import-merge = Take a known address for the same person
import-merge-hint = When a row has another ID than the person who has its address here, the two are joined. Otherwise the row is refused.
import-param-signer-key = Signer key
import-param-signer-key-hint = base64_signer_key of the project’s password hash parameters, in the Firebase console under Authentication, Users.
import-param-salt-separator = Salt separator
import-param-salt-separator-hint = base64_salt_separator
import-param-rounds = Rounds
import-param-rounds-hint = rounds, usually 8
import-param-mem-cost = Memory cost
import-param-mem-cost-hint = mem_cost, usually 14
import-progress-label = Progress
import-progress-of = { $done } of { $total } rows
import-progress-so-far = { $done } rows so far
import-progress-rate = { $rate } rows a second
import-progress-per-second = rows a second
import-progress-starting = Starting
import-progress-seconds = { $seconds ->
    [one] 1 second left
   *[other] { $seconds } seconds left
}
import-progress-minutes = { $minutes ->
    [one] about a minute left
   *[other] about { $minutes } minutes left
}
import-progress-hours = { $hours ->
    [one] about an hour left
   *[other] about { $hours } hours left
}
import-chart = Rows a second over the last { $seconds } seconds; the peak was { $peak }.
import-chart-caption = Last { $seconds } s, peak { $peak }
import-progress-close = You can close this page. The import goes on, and is listed under Imports.
import-stop = Stop
import-resume = Resume
import-dry-run-title = Ready to import
import-nothing-written = Nothing has been written yet. This is what will happen.
import-nothing-to-do = There is nothing to import: everybody in this file is here already, or was refused.
import-insist = Import it all the same
import-confirm = { $count ->
    [one] Import 1 person
   *[other] Import { $count } people
}
import-discard = Discard
import-will-create = To be created
import-will-update = To be updated
import-created = Created
import-updated = Updated
import-unchanged = Unchanged
import-refused = Refused
import-ways = How people will sign in
import-way-password = With the password they have now
import-way-verify = With their password, after confirming their email
import-way-choose = They choose a password, after a code by email
import-way-social = With a social account only
import-cohorts = How passwords are kept
import-cohorts-text = A hash can look well and be misunderstood; one password that works shows that all of its kind do. Every first sign-in is a proof.
import-cohorts-prove = Try passwords that you know
import-cohort-scheme = Scheme
import-cohort-keeping = Strength
import-cohort-people = People
import-cohort-proved = Seen to work
import-cohort-proved-of = { $proved } of { $people } proved
import-cohort-unproved = 0 of { $people } proved: nobody knows yet whether these work
import-cohort-unsalted = No salt
import-keeping-weak = Weak
import-keeping-wrapping = Weak, being wrapped
import-keeping-wrapped = Weak, wrapped in argon2id
import-keeping-fair = Fair
import-keeping-strong = Strong
import-risks = Risks
import-risks-text = What to weigh, the gravest first. No hash and no password is shown here.
import-risks-none = Nothing in these files looks dangerous.
import-risk-refuse = Grave
import-risk-warning = Check
import-risk-note = Good to know
import-risk-unproven-privileged = { $count ->
    [one] One person with a role such as admin or owner has no proven address: whoever registered with somebody else’s address would rule here. Prove the address first, or give the role after the import.
   *[other] { $count } people with a role such as admin or owner have no proven address: whoever registered with somebody else’s address would rule here. Prove the addresses first, or give the roles after the import.
}
import-risk-unverifiable-hashes = { $count ->
    [one] One row has a password hash that can’t be checked here. The list of refused rows and warnings names the column to mend.
   *[other] { $count } rows have a password hash that can’t be checked here. The list of refused rows and warnings names the columns to mend.
}
import-risk-shared-hashes = At least { $count } people share { $clusters ->
    [one] one unsalted hash
   *[other] { $clusters } unsalted hashes
}, the most common one { $largest } of them. These are passwords that are guessed first: ask for new ones after the import.
import-risk-unsalted-hashes = { $count ->
    [one] One password is hashed without a salt. Whoever has the export reads most of such passwords in minutes: delete it when the import is done.
   *[other] { $count } passwords are hashed without a salt. Whoever has the export reads most of them in minutes: delete it when the import is done.
}
import-risk-weak-hashes = { $count ->
    [one] One password is hashed so quickly that whoever has the export can probably guess it.
   *[other] { $count } passwords are hashed so quickly that whoever has the export can guess most of them.
}
import-risk-disposable-addresses = { $count ->
    [one] One person has an address of a throw-away mail service.
   *[other] { $count } people have an address of a throw-away mail service.
}
import-risk-undeliverable-addresses = { $count ->
    [one] One person has an address to which no mail goes. They can’t prove it, nor choose another password by it.
   *[other] { $count } people have an address to which no mail goes. They can’t prove it, nor choose another password by it.
}
import-odd = Worth a look
import-odd-left-out = { $count ->
    [one] In one row something is left out ({ $code }). The row goes in otherwise.
   *[other] In { $count } rows something is left out ({ $code }). The rows go in otherwise.
}
import-odd-suspended = { $count ->
    [one] One person was suspended at the former provider, and stays so here.
   *[other] { $count } people were suspended at the former provider, and stay so here.
}
import-examples = What happened, by example
import-examples-dry = What will happen, by example
import-examples-created = { $count ->
    [one] 1 person will be created
   *[other] { $count } people will be created
}
import-examples-were-created = { $count ->
    [one] 1 person was created
   *[other] { $count } people were created
}
import-examples-created-text = They are new here.
import-examples-updated = { $count ->
    [one] 1 row will update somebody
   *[other] { $count } rows will update somebody
}
import-examples-were-updated = { $count ->
    [one] 1 row updated somebody
   *[other] { $count } rows updated somebody
}
import-examples-updated-text = They are here already, and the file says something new.
import-examples-unchanged = { $count ->
    [one] 1 row changes nothing
   *[other] { $count } rows change nothing
}
import-examples-unchanged-text = What they say is so already.
import-examples-refused = { $count ->
    [one] 1 row can’t go in
   *[other] { $count } rows can’t go in
}
import-examples-were-refused = { $count ->
    [one] 1 row was refused
   *[other] { $count } rows were refused
}
import-examples-refused-text = Each with its place and the reason. Correct the file and import it again: what went in is left alone.
import-refused-all = All refused rows
import-line = Line { $line }
import-column = column { $column }
import-raw = The row in the file
import-change-to = becomes
import-change-set = set
import-change-none = Nothing to change.
import-field-former-id = Former ID
import-field-first-name = First name
import-field-last-name = Last name
import-field-picture = Picture
import-field-identity = Identity
import-field-verified = Verified
import-field-suspended = Suspended
import-field-password = Password
import-field-authenticator = Authenticator app
import-field-organization = Organization
import-field-property = Property
import-field-feature-flag = Feature flag
import-rows-all = All
import-rows-refused = Refused
import-rows-warnings = Warnings
import-rows-filters = Which rows
import-rows-went-in = Went in, in part
import-rows-out = Refused
import-rows-none-title = Nothing here
import-rows-none-text = No row was refused, and nothing was left out of any.
import-download-ndjson = Download NDJSON
import-rate = Speed
import-download = Download CSV
import-run-title = Import from { $source }
import-run-id = Import ID
import-started = Started
import-finished = Finished
import-see-users = See users
import-undo = Undo
import-undo-title = Undo the import from { $source }?
import-undo-deleted = { $count ->
    [0] Nobody is deleted.
    [one] One person whom the import made is deleted, with all that belongs to them.
   *[other] { $count } people whom the import made are deleted, with all that belongs to them.
}
import-undo-restored = { $count ->
    [0] Nobody else gets back what they were.
    [one] One person whom the import changed is again what they were before it.
   *[other] { $count } people whom the import changed are again what they were before it.
}
import-undo-kept = { $count ->
    [0] Nobody has changed since, so nobody is left as they are.
    [one] One person has changed since and is left as they are. You see who, and why, afterwards.
   *[other] { $count } people have changed since and are left as they are. You see who, and why, afterwards.
}
import-undo-unseen = { $count ->
    [one] One more person was not looked at, because there are so many: whoever has changed since is left as they are.
   *[other] { $count } more people were not looked at, because there are so many: whoever has changed since is left as they are.
}
import-undo-newest-first = To take back several imports, begin with the newest: what a newer one changed counts as changed since.
import-undo-button = Undo the import
import-undoing = Undoing the import
import-undoing-close = You can close this page. Undoing goes on, and is listed under Imports.
import-undone-title = What undoing did
import-undone-deleted = Deleted
import-undone-restored = As before
import-undone-kept = { $count ->
    [one] See who was left as they are, and why
   *[other] See the { $count } who were left as they are, and why
}
import-undone-before = What the import had done
import-tab-kept = Left as they are
import-kept-why = Why
import-kept-what = What the import did
import-kept-created = Made them
import-kept-updated = Changed them
import-kept-signed-in = They have signed in since.
import-kept-changed = Their profile, identities, password, memberships or roles have changed since.
import-kept-none-title = Nobody
import-kept-none-text = Everybody whom the import made or changed is again what they were.
import-failure-stopped = The import was stopped. What is written stays; resume it to bring the rest.
import-failure-discarded = The files of this import were discarded. What was written before stays.
import-failure-interrupted = The command that ran this import ended before the import did. Run it again with --resume { $run } to bring the rest.
import-discarded-notice = The files were discarded. Nothing of them was written.
run-uploading = Uploading
run-discarded = Discarded
run-checking = Checking
run-ready = Waiting for you
run-running = Running
run-finished = Finished
run-finished-with-refusals = Finished, some refused
run-failed = Failed
run-stopped = Stopped
run-undoing = Being undone
run-undone = Undone

## Dashboard: settings

settings-group-environment = Environment
settings-group-users = User management
settings-environment-details = Environment details
settings-environment-details-text = Its name, code and domain.
settings-applications-text = App keys and callback URLs.
settings-apis-text = What applications may call, and their scopes.
settings-email = Email
settings-email-text = Who mails come from, and the server that sends them.
settings-saved-notice = The settings were saved.
settings-attack-protection = Attack protection
settings-attack-protection-text = Lockout after wrong passwords, and Enumeration protection.
protection-max-failures = Wrong passwords in a row
protection-max-failures-hint = After so many, sign-in is paused for that account.
protection-lock-minutes = Minutes of pause
protection-lock-minutes-hint = Then people can try again.
protection-enumeration = Enumeration protection
protection-enumeration-hint = Nobody can find out by trying whether an address has an account.
protection-error-number = Enter a whole number from 1 to { $most }.
settings-group-data = Data management
settings-variables = Env variables
settings-variables-text = Environment variables: what workflows read, secrets among them.
settings-export = Export
settings-export-text = Take everything with you, password hashes too.
export-lead = { $people ->
    [one] One person, and all that belongs to them, as a file. Nothing changes here.
   *[other] { $people } people, and all that belongs to them, as a file. Nothing changes here.
 }
export-what = What
export-what-all = Everything: people, organizations, roles, permissions
export-what-users = People
export-what-organizations = Organizations
export-format = For
export-format-kith = Kith, or your own programs
export-format-other = { $name }
export-format-hint = What another provider’s format can’t say is left out. The command kith export lists it, person by person.
export-secrets = Passwords
export-with-passwords = With password hashes and the secrets of authenticator apps
export-with-passwords-hint = Whoever has the file can try passwords against it. Keep it as you would keep the passwords, and delete it when it has served.
export-password = Your password
export-password-hint = Asked again before hashes leave.
export-owner-only = Password hashes leave only with the owner of the business.
export-button = Export
export-error-password = This isn’t your password.
export-error-locked = There were too many wrong passwords. Wait a few minutes, then try again.
export-error-owner = Only the owner can export password hashes.
export-error-format = This format has no place for organizations by themselves. Choose people, or the format of Kith.
settings-roles-text = Bundles of permissions.
settings-permissions-text = Single rights that your app checks.
environment-production = Production
environment-code = Code
environment-discovery = Discovery document
environment-version = Version of Kith
email-lead = Codes and password resets come from here.
email-sender-name = Sender name
email-sender-name-hint = Usually the name of your business.
email-use-custom = Use custom sender
email-default-outbox = When it is off, mails are kept in the outbox and reach nobody.
email-default-server = When it is off, mails come from { $address }.
email-sender-email = Sender email
email-smtp = SMTP details
email-host = Server name
email-port = Port
email-username = Username
email-password-kept = Leave empty to keep the stored one
email-security = Encryption
email-security-tls = TLS from the start (port 465)
email-security-starttls = STARTTLS (port 587)
email-send-test = Send test email
email-test-to = It goes to { $address }.
email-security-none = None: only for a server on the same machine
email-error-no-server = There is no mail server to try. Switch on a custom sender, and enter its details.
email-error-port = Enter a port number, such as 587.
email-error-host = Enter the server’s name, such as smtp.example.com.
diagnosis-ok = The test email was accepted. Look for it in your inbox.
diagnosis-bad = The test email could not be sent
diagnosis-done = done
diagnosis-failed = failed
diagnosis-skipped = not tried
diagnosis-step-name = Find the server by its name
diagnosis-step-connect = Connect to it
diagnosis-step-encrypt = Agree on encryption
diagnosis-step-sign-in = Sign in
diagnosis-step-send = Hand over the mail
diagnosis-remedy-name = Check the spelling of the server’s name.
diagnosis-remedy-connect = Check the port, and whether a firewall is in between.
diagnosis-remedy-encrypt = Check port and encryption (465: TLS from the start, 587: STARTTLS), and that the server’s certificate is valid for its name.
diagnosis-remedy-sender = Use a sender email that this account may send from.
diagnosis-remedy-recipient = Check that your own address can receive mail.
diagnosis-remedy-content = The server refused the mail itself. Its answer says why.
diagnosis-remedy-sign-in = The server doesn’t accept this username and password. Some providers want an API key as the password.
outbox-lead = No mail server is set up, so mails are kept here and reach nobody.
outbox-lead-sent = Mails of the last days, and what became of them.
outbox-empty-title = No mails yet
outbox-empty-text = Codes, password resets and test emails appear here.
mail-state-waiting = Waiting
mail-state-sent = Sent
mail-state-kept = Kept here
mail-state-failed = Failed
mail-from = From
mail-failure = What the server said
mail-text = Text
mail-text-gone = The text was forgotten once the mail had been sent, because it may hold a code.

## Dashboard: where it stops

failure-link-title = This link doesn’t work anymore
failure-link-what = A set-up link works once, and for 24 hours.
failure-link-remedy = If you have an account, sign in. If nobody has set up this installation yet, run “kith bootstrap” to get a new link.
failure-request-what = We can’t carry out this request. Nothing was changed.
failure-request-remedy = Go back, check what you entered, and try again.

## The demo: the former provider and the application beside Kith

demo-former-title = Former provider
demo-former-lead = { $count } invented people signed in here for years. They have moved to Kith, and took their passwords along.
demo-people = People to try
demo-people-lead = Sign in as one of them, with the password they always had.
demo-no-password = no password
demo-outcome-usual = Signs in at once with the old password.
demo-outcome-unverified = Nobody ever confirmed the address: a code by mail does, once. Mail waits in the dashboard under Settings.
demo-outcome-without-password = Never had a password: a code by mail, then a password to choose. Mail waits in the dashboard under Settings.
demo-outcome-blocked = Was blocked, and still is.
demo-exports = What the provider handed out
demo-size = { $kib } KiB
demo-app-link = Open the demo app
demo-dashboard-link = Open the dashboard
demo-app-title = Demo app
demo-app-lead = An application of your own: it sends people to Kith to sign in, and gets a token back.
demo-app-sign-in = Sign in
demo-app-people = People to try
demo-app-failed = Nobody was signed in.
demo-signed-in-title = Welcome, { $name }
demo-signed-in-lead = The application was told this about you, in an ID token.
demo-sign-out = Sign out

## Dashboard: people who move when they sign in

migration-lead = People whose passwords the old system doesn’t give away move when they next sign in: the old system is asked once, and then no more.
migration-state-on = The old system is asked
migration-state-off = Switched off
migration-state-ended = Ended
migration-old-system = Old system
migration-none-title = Nobody is asked yet
migration-none-text = If your former provider gives out no password hashes, let people move one by one: they sign in with the password that they have, and notice nothing.
migration-none-button = Choose the old system
migration-progress = How far it is
migration-moved = Have moved
migration-waiting = Still without a password here
migration-waiting-download = Download the list
migration-forecast = 95 of 100 will have moved
migration-forecast-reached = Reached
migration-forecast-never = Not at the present pace: nobody has moved this week
migration-forecast-days = { $days ->
    [one] in a day
   *[other] in { $days } days
  }, at the pace of the last week
migration-days = Moved a day
migration-days-table = As a table
migration-day = Day
migration-doors = By which door
migration-door-sign_in = Signed in
migration-door-sign_up = Signed up again
migration-door-reset = Forgot the password
migration-nobody-yet = Nobody has moved yet.
migration-outcomes = Asked in the last 24 hours
migration-not-asked = The old system was not asked.
migration-outcome = Outcome
migration-outcome-moved = Right: moved
migration-outcome-wrong = Wrong password
migration-outcome-locked = Kept out over there
migration-outcome-too_many = Asked too often
migration-outcome-slow = No answer in time
migration-outcome-down = Out of reach
migration-outcome-unclear = Answer makes no sense
migration-outcome-unknown = Looked up: nobody
migration-outcome-refused = Known, but refused here
migration-failures = What went wrong last
migration-when = When
migration-reason = What happened
migration-took = Milliseconds
migration-end = Give up the old system
migration-end-text = Once nobody moves any more, the old system can be switched off. Whoever comes later chooses a new password by e-mail.
migration-end-button = Ask it no more
migration-end-asks-no-more = { $provider } will not be asked again, and its keys are forgotten here.
migration-end-waiting = { $count ->
    [0] Nobody who was imported is without a password.
    [one] One person who was imported is without a password, and will have to choose one by e-mail.
   *[other] { $count } people who were imported are without a password, and will have to choose one by e-mail.
  }
migration-end-week = { $count ->
    [0] Nobody has moved in the last seven days.
    [one] One person has moved in the last seven days: somebody still needs it.
   *[other] { $count } people have moved in the last seven days: they still need it.
  }
migration-ended-notice = The old system is asked no more.
resets-title = Write to those who are left
resets-text = { $count ->
    [0] Nobody is left who could be written to.
    [one] One person has no password here and an email address. A mail tells them how to choose a new password.
   *[other] { $count } people have no password here and an email address. A mail tells them how to choose a new password.
  }
resets-begin = Write to them
resets-who = { $count ->
    [0] Nobody is left who could be written to.
    [one] One person gets a mail that tells how to choose a new password.
   *[other] { $count } people get a mail that tells how to choose a new password.
  }
resets-without = { $count ->
    [one] One more is still to move and gets none: they have no email address, or are suspended.
   *[other] { $count } more are still to move and get none: they have no email address, or are suspended.
  }
resets-what = Nothing about their accounts changes. Whoever moves before their turn gets no mail. The mail holds no code: one is sent when they ask for it.
resets-no-server = No email server is set up, so the mails stay in the outbox.
resets-link = Where the mail leads
resets-link-hint = The page on which people begin to sign in to your application.
resets-pace = Mails a minute
resets-pace-hint = What your email server bears; at most 600.
resets-button = { $count ->
    [one] Write to one person
   *[other] Write to { $count } people
  }
resets-error-link = Enter a full address, such as https://app.example.com/login.
resets-error-pace = Enter a number from 1 to { $most }.
resets-started-notice = People are being written to. You can leave this page.
resets-stopped-notice = Stopped. Nobody else is written to.
resets-written = Written to
resets-left = Still to come
resets-minutes = { $count ->
    [one] about a minute
   *[other] about { $count } minutes
  }
resets-started = Begun
resets-stop = Stop
resets-last = { $count ->
    [one] Last time one person was written to:
   *[other] Last time { $count } people were written to:
  }
connectors-lead = Which system knows the passwords of people who have none here?
connectors-current = In use
connector-auth0-text = The domain and an application with the grant type Password.
connector-cognito-text = The region of the user pool and an app client with ALLOW_USER_PASSWORD_AUTH; or with ALLOW_ADMIN_USER_PASSWORD_AUTH, the pool’s ID and an AWS key.
connector-azure-text = The tenant, an application, and a user flow for resource owner password credentials.
connector-firebase-text = The web API key of the project.
connector-keycloak-text = The realm and a client with direct access grants.
connector-supabase-text = The address of the project and its anonymous key.
connector-oauth2-text = Any server with the password grant of OAuth 2.0.
connector-ldap-text = A directory in which people can be found, and bind with their password.
connector-sql-text = A query that finds the person and the hash in your own table.
connector-http-text = An endpoint of your own that is sent who and which password, and answers who that is.
connector-kept = Stored; leave empty to keep it
connector-field-domain = Domain
connector-field-client_id = Client ID
connector-field-client_secret = Client secret
connector-field-connection = Database connection
connector-field-audience = Audience
connector-field-admin_client_id = Client ID for looking people up
connector-field-admin_client_secret = Its secret
connector-field-management_domain = Domain of the tenant, where Domain is one of your own
connector-field-management_client_id = Client ID for looking people up
connector-field-management_client_secret = Its secret
connector-field-region = Region
connector-field-user_pool_id = User pool ID
connector-field-access_key_id = AWS access key ID
connector-field-secret_access_key = AWS secret access key
connector-field-url = Address
connector-field-tenant = Tenant
connector-field-policy = User flow
connector-field-host = Host
connector-field-api_key = API key
connector-field-realm = Realm
connector-field-token_url = Token endpoint
connector-field-userinfo_url = User info endpoint
connector-field-scope = Scope
connector-field-base_dn = Where to search
connector-field-bind_dn = Name to bind with
connector-field-bind_password = Password to bind with
connector-field-filter = Filter
connector-field-database_url = Database address
connector-field-query = Query
connector-field-scheme = Scheme of the hashes
connector-field-bearer_token = Bearer token
connector-field-encryption_key = Encryption key
connector-trusts-addresses = Addresses are proved over there
connector-trusts-addresses-hint = Only if the old system lets nobody sign in before they have proved their address. Otherwise a code is asked once.
connector-is-on = Ask this system
connector-is-on-hint = About everybody who has no password here, at their next sign-in.
connector-try = Test with one account
connector-try-text = Asks the old system about this account and shows what would come along. Nothing is kept.
connector-try-identifier = E-mail address or username
connector-try-button = Test
connector-error-missing = This is needed to ask the old system.
connector-error-elsewhere = Enter this again: the address has changed, and stored keys go only where they were entered for.
connector-error-account = Enter an account of the old system and its password.
connector-tried-right = The password is right
connector-tried-wrong = The old system says that the password is wrong
connector-tried-locked = The old system keeps this account out
connector-tried-too_many = The old system was asked too often; wait a little
connector-tried-slow = The old system did not answer in time
connector-tried-down = The old system could not be reached
connector-tried-unclear = The old system’s answer makes no sense
connector-fact-id = ID
connector-fact-name = Name
connector-fact-identities = Known as
connector-fact-organizations = Organizations and roles

## Workflows

workflows-lead = Your own code that runs when something happens here: somebody signs in, chooses a password, gets a token.
workflows-empty-title = No workflow yet
workflows-empty-text = A workflow is a TypeScript file that says which trigger fires it. Projects written for Kinde are deployed as they are; the guide { $guide } shows how to write one.
workflow-parts = Parts of the workflow
workflow-versions = Versions
workflow-keys = Encryption keys
workflow-runs = Runtime logs
workflow-build-logs = Build logs
workflow-build-log = Build log
workflow-id = Workflow ID
workflow-trigger = Trigger
workflow-live = Live
workflow-not-live = Deactivated
workflow-not-fired = Does not fire yet
workflow-not-fired-text = Kith doesn’t fire this trigger yet. The workflow can be deployed and tried with the command line, and runs as soon as a later release fires it.
workflow-deployed-at = Deployed
workflow-runs-day = Runs in 24 hours
workflow-runs-counts = { $right } ok, { $failed } failed
workflow-file = File
workflow-version = Version
workflow-version-number = Version { $number }
workflow-live-version = Live version
workflow-live-none = No version is live, so the workflow doesn’t run. Make one live under Versions.
workflow-policy = If it fails
workflow-policy-stop = What fired it stops with an error
workflow-policy-continue = What fired it goes on as if there were no workflow
workflow-bindings = Bindings
workflow-bindings-none = None: it can neither reach out nor change anything
workflow-deactivate = Deactivate
workflow-deactivated-notice = { $name } doesn’t run any more. Make a version live to start it again.
workflow-delete = Delete workflow
workflow-delete-title = Delete { $name }?
workflow-delete-what = Its versions, encryption keys and runtime logs go with it, and it runs no more.
workflow-deleted-notice = { $name } was deleted.
workflow-trigger-user-tokens = when a person’s tokens are about to be signed
workflow-trigger-machine-token = when a machine’s token is about to be signed
workflow-trigger-pre-registration = when somebody’s account is about to be made
workflow-trigger-post-authentication = when somebody has given their first proof
workflow-trigger-pre-mfa = when somebody may be asked for a second factor
workflow-trigger-existing-password = when somebody has typed their password, before it is checked
workflow-trigger-new-password = when somebody has chosen a password
workflow-trigger-new-username = when somebody has chosen a username
workflow-trigger-plan-selection = when somebody wants another plan
workflow-trigger-plan-cancellation = when somebody wants to give up their plan
workflow-error-trigger-taken = { $workflow } is live for { $trigger } already, and a trigger fires one workflow only. Deactivate or delete { $workflow } first.
workflow-error-state = That can’t be done in its present state. This page shows how it stands now.
workflow-deploy = Deploy
workflow-deploy-lead = Send a project as it lies on your machine.
workflow-deploy-folder = Folder of the project
workflow-deploy-folder-hint = The one with { $manifest }. Pictures and other files that are no code are left out.
workflow-deploy-files = Or single files
workflow-deploy-files-hint = For a workflow that is one file.
workflow-deploy-live = Make live at once
workflow-deploy-live-hint = Otherwise the new versions wait until you make them live.
workflow-deploy-all-or-none = All of its workflows are deployed, or none.
workflow-deploy-wrong = Nothing was deployed
workflow-deploy-wrong-text = Correct what is listed here, then send the project again.
workflow-deploy-error-none = Choose the project’s folder, or the files to deploy. There was no code among what was sent.
workflow-deploy-error-large = That is too much: at most 5,000 files and 20 MiB of text can be deployed. Leave out packages that the workflows don’t use.
workflow-deployed-notice = Deployed and live: { $names }.
workflow-deployed-waiting-notice = Deployed, and waiting until you make them live: { $names }.
workflow-repo = Repository
workflow-repo-lead = What is pushed to the branch is built and made live. Where it can’t be built, what was live stays live.
workflow-repo-connect = Connect repo
workflow-repo-connect-lead = Let workflows follow a branch of a git repository, on GitHub, GitLab or any other server.
workflow-repo-url = Address
workflow-repo-url-hint = As you would clone it, beginning with https://.
workflow-repo-branch = Branch
workflow-repo-branch-hint = main, if you leave it empty.
workflow-repo-token = Access token
workflow-repo-token-hint = For a private repository: one that may read its contents, and no more. It is encrypted, and shown to nobody again.
workflow-repo-token-kept = Kept encrypted
workflow-repo-token-none = None: anybody can read the repository
workflow-repo-polled = Look for pushes every five minutes
workflow-repo-polled-hint = Needs nothing set up. With a webhook, which you find on the next page, pushes are live within seconds.
workflow-repo-polled-yes = Yes
workflow-repo-polled-no = No
workflow-repo-commit = Commit
workflow-repo-commit-none = None deployed yet
workflow-repo-checked = Last looked at
workflow-repo-checked-never = Not yet
workflow-repo-waiting = Syncing
workflow-repo-sync = Sync code
workflow-repo-sync-notice = The sync has begun. Load this page again to see what came of it.
workflow-repo-secret = Copy the webhook’s secret now
workflow-repo-secret-text = It is shown this once. The repository’s server signs its messages with it; the webhook’s address is below. Without a webhook you don’t need it.
workflow-repo-webhook = Webhook
workflow-repo-webhook-text = Add it to the repository, for pushes, with content type application/json and the secret that was shown when the repository was connected.
workflow-repo-webhook-url = Payload URL
workflow-repo-rotate = Make a new secret
workflow-repo-rotate-text = A new secret is shown once. The old one is refused at once: enter the new one at the repository’s server, too.
workflow-repo-change = Settings
workflow-repo-change-text = Another branch or access token begins a sync.
workflow-repo-token-change-hint = Leave it empty to keep the one that is stored.
workflow-repo-token-forget = Forget the stored token: anybody can read the repository now
workflow-repo-webhook-secret = Webhook secret
workflow-repo-disconnect = Disconnect
workflow-repo-disconnect-title = Disconnect { $url }?
workflow-repo-disconnect-what = Pushes change nothing here any more. What was deployed stays, and runs on.
workflow-repo-disconnect-secret = The access token, the webhook’s secret and the list of syncs are forgotten for good.
workflow-repo-disconnected-notice = The repository is disconnected.
workflow-repo-error-address = Give an address that begins with https:// and has no user name in it, such as https://github.com/example/workflows.
workflow-repo-error-private = { $host } is an address of a private network. The setting allow_private_networks lets Kith reach it.
workflow-repo-error-branch = There can’t be a branch of this name.
workflow-repo-error-token = The access token has characters that no token has. Copy it again.
workflow-syncs = Syncs
workflow-syncs-none = The first sync is about to begin.
workflow-sync-ended = When
workflow-sync-cause = Because of
workflow-sync-request = Sync code
workflow-sync-push = A push
workflow-sync-poll = A look at the branch
workflow-sync-right = Live
workflow-sync-failed = Failed
workflow-sync-failed-text = Nothing was deployed. What was live before is live still.
workflow-sync-log = Build log of { $commit }
workflow-finding-place = Where
workflow-finding-kind = Kind
workflow-finding-what = What is wrong
workflow-finding-error = Error
workflow-finding-warning = Warning
workflow-versions-lead = To undo a deployment, make an older version live.
workflow-version-live = Live
workflow-version-deployed = Deployed
workflow-version-deactivated = Deactivated
workflow-version-failed = Failed to build
workflow-version-processing = Being built
workflow-version-draft = Draft
workflow-make-live = Make live
workflow-preview = Preview
workflow-preview-title = Preview version { $number }
workflow-preview-lead = Whoever opens a link signs in with this version, and with the others of its deployment, in place of the live ones. Nobody else notices.
workflow-preview-links = Preview links
workflow-preview-application = Application
workflow-preview-open = Open preview
workflow-preview-none-title = No application to sign in to
workflow-preview-none-text = A link leads to the sign-in of an application. Add one with a callback address.
workflow-preview-own = From your own application
workflow-preview-own-text = An application takes only answers that it asked for, so its tokens show the version when it adds this parameter to its own authorization request. Give the value to nobody who mustn’t run the version.
workflow-preview-parameter = Parameter
workflow-preview-value = Value
workflow-preview-expires = Good until
workflow-run-preview = Preview
workflow-activated-notice = The version is live.
workflow-source-upload = Upload
workflow-source-folder = Folder { $path }
workflow-source-git = { $url } at { $commit }
workflow-build-remarks = { $count ->
    [0] No remarks
    [one] One remark
   *[other] { $count } remarks
  }
workflow-build-clean = Built without a remark.
workflow-key = Encryption key
workflow-key-id = Key ID
workflow-key-encoding = Encoding of messages
workflow-key-base64url = base64url
workflow-key-base64 = base64, for receivers that read only the standard alphabet
workflow-key-active = Active
workflow-key-inactive = Not active
workflow-key-activate = Make active
workflow-key-activated-notice = The key is active.
workflow-key-deactivated-notice = No key is active, so nothing that would be encrypted is sent.
workflow-key-delete = Delete key
workflow-key-delete-title = Delete this encryption key?
workflow-key-delete-what = What was encrypted with it can still be read by whoever has a copy of the key; Kith forgets it.
workflow-key-deleted-notice = The key was deleted.
workflow-key-add = Add encryption key
workflow-key-add-text = The first key is active at once. A further one waits until you make it active, so the receiver can learn it first.
workflow-key-shown = Copy the key now
workflow-key-shown-text = It is shown this once. Give it to the service that reads what the workflow sends.
workflow-keys-empty-title = No key yet
workflow-keys-empty-text = { $call } encrypts what it sends. Until there is a key, it sends nothing and fails.
workflow-runs-all = All
workflow-runs-search = Search lines, addresses and failures
workflow-runs-empty-title = No run to show
workflow-runs-empty-text = Runs are kept for thirty days. Secrets are taken out before anything is kept.
workflow-outcome = Outcome
workflow-outcome-succeeded = Succeeded
workflow-outcome-denied = Denied access
workflow-outcome-invalidated = Refused a field
workflow-outcome-failed = Failed
workflow-outcome-failed-and-went-on = Failed, went on
workflow-run = Run
workflow-run-id = Run ID
workflow-run-said = Last line
workflow-run-took = Milliseconds
workflow-run-cpu = Milliseconds of computing
workflow-run-memory = Memory, KiB
workflow-run-failure = Why it failed
workflow-run-console = Console
workflow-run-console-none = It printed nothing.
workflow-run-after = After ms
workflow-run-level = Level
workflow-run-text = Text
workflow-run-calls = Calls
workflow-run-calls-none = It called nobody.
workflow-run-call = Call
workflow-run-answer = Answer
workflow-run-local = Kith’s own API
workflow-run-encrypted = Encrypted
workflow-run-effects = Effects
workflow-run-effects-none = It wanted nothing changed.
workflow-run-event = Event
workflow-run-event-text = What it was told. Secrets were taken out before it was kept.
workflow-run-event-show = Show the event
workflow-run-event-none = The event was too long to be kept.

## Environment variables

variables-lead = What workflows read. Each workflow of this environment can read all of them.
variables-empty-title = No variable yet
variables-empty-text = Keep domains, client IDs and secrets here instead of in code; workflows read them with { $call }.
variable-add = Add variable
variable-edit = Edit variable
variable-value = Value
variable-sensitive = Sensitive
variable-key-hint = Letters, digits, _, - and a period. Such as AUTH0_DOMAIN.
variable-is-secret = Sensitive
variable-is-secret-hint = Nobody sees the value again, and it is taken out of runtime logs. To change it later, delete the variable and add it again.
variable-error-key = Use 1 to 128 letters, digits, _, - and periods.
variable-error-taken = Another variable has this key. Choose another one, or edit that one.
variable-error-value = A value has at most 64 KiB.
variable-added-notice = { $key } was added.
variable-saved-notice = { $key } was saved.
variable-delete = Delete variable
variable-delete-title = Delete { $key }?
variable-delete-what = Workflows that read it get nothing from now on.
variable-deleted-notice = { $key } was deleted.
