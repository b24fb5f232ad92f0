//! Every field, with the names that people give its columns.

use super::{Field, Take, account, field};
use crate::mapping::looks::Looks;
use crate::mapping::person;

/// Every field, in the order in which forms list them.
pub static FIELDS: &[Field] = &[
    field(
        "id",
        "The id in the former system, by which the same person is known again.",
        Looks::Id,
        Take::By(person::id),
        "id uid userid uuid guid useruuid userguid pk providedid sub subject localid objectid oid \
         customerid memberid clientid personid kundennummer benutzerid kundenid idutilisateur idusuario \
         idutente idcliente oldid legacyid",
    )
    .doubtful("key no number nr externalid accountid"),
    field(
        "email",
        "An e-mail address.",
        Looks::Email,
        Take::By(person::email),
        "email mail emailaddress mailaddress useremail primaryemail emailadresse mailadresse courriel \
         adressemail adresseemail adresseelectronique correo correoelectronico correoelectrónico \
         direccioncorreo posta postaelettronica indirizzoemail epost epostadress epostadresse eposta \
         sähköposti sahkoposti adresemail emailcim почта электроннаяпочта 邮箱 電子郵件 メール メールアドレス 이메일",
    )
    .doubtful("contact kontakt address")
    .repeatable(),
    field(
        "email_verified",
        "Whether the former system saw proof that the e-mail address is theirs.",
        Looks::Flag,
        Take::Put(person::email_verified),
        "emailverified isemailverified emailconfirmed isemailconfirmed mailverified verifiedemail \
         emailvalidated emailisverified hasverifiedemail emailbestaetigt emailbestätigt emailverifiziert \
         emailverifie emailvérifié emailverificado emailconfirmado emailverificata emailverificato",
    )
    .doubtful("verified isverified confirmed isconfirmed bestaetigt bestätigt verifiziert"),
    field(
        "email_verified_at",
        "When they proved that the e-mail address is theirs; blank if they did not.",
        Looks::Instant,
        Take::Put(person::email_verified_at),
        "emailverifiedat emailconfirmedat emailverifiedon emailverificationdate emailverifieddate",
    )
    .doubtful("confirmedat verifiedat confirmedon verifiedon"),
    field(
        "login",
        "What they sign in with: an e-mail address or a username, whichever it is.",
        Looks::Login,
        Take::By(person::login),
        "login loginname userlogin signin signinname identifier benutzer identifiant utilisateur usuario \
         utente gebruiker användare bruker bruger käyttäjä логин",
    )
    .doubtful("user account konto principal"),
    field(
        "username",
        "A name to sign in with.",
        Looks::Username,
        Take::Put(person::username),
        "username accountname samaccountname screenname handle benutzername nutzername nomutilisateur \
         nomdutilisateur pseudo nombreusuario nombredeusuario nomeutente nomeusuario nomedeusuario \
         gebruikersnaam användarnamn anvandarnamn brukernavn brugernavn käyttäjätunnus nazwauzytkownika \
         用户名 ユーザー名",
    )
    .doubtful("nick nickname nicename alias slug"),
    field(
        "phone",
        "A phone number in international form, +46701234567.",
        Looks::Phone,
        Take::Put(person::phone),
        "phone phonenumber mobile mobilephone mobilenumber mobilephonenumber cell cellphone telephone \
         telephonenumber tel msisdn handy handynummer telefon telefonnummer mobil mobilnummer rufnummer \
         portable téléphone telefono teléfono movil móvil celular cellulare telefone telemovel telemóvel \
         mobiel telefoon puhelin puhelinnumero телефон 手机 电话 電話 電話番号 전화",
    )
    .repeatable(),
    field(
        "phone_verified",
        "Whether the former system saw proof that the phone number is theirs.",
        Looks::Flag,
        Take::Put(person::phone_verified),
        "phoneverified isphoneverified phoneconfirmed phonenumberverified phonenumberconfirmed \
         mobileverified mobileconfirmed smsverified",
    ),
    field(
        "phone_verified_at",
        "When they proved that the phone number is theirs; blank if they did not.",
        Looks::Instant,
        Take::Put(person::phone_verified_at),
        "phoneverifiedat phoneconfirmedat mobileverifiedat phonenumberverifiedat",
    ),
    field(
        "first_name",
        "First name.",
        Looks::Name,
        Take::By(person::first_name),
        "firstname first givenname given fname forename vorname prenom prénom nombre nombres primernombre \
         nome primeironome voornaam fornavn förnamn fornamn etunimi imie imię jmeno jméno имя 名",
    ),
    field(
        "last_name",
        "Last name.",
        Looks::Name,
        Take::By(person::last_name),
        "lastname last surname familyname family lname sn nachname familienname zuname nom nomdefamille \
         apellido apellidos cognome sobrenome apelido achternaam etternavn efternavn efternamn sukunimi \
         nazwisko prijmeni příjmení фамилия 姓",
    ),
    field(
        "name",
        "The whole name, where first and last name are not told apart.",
        Looks::Name,
        Take::By(person::name),
        "name fullname displayname realname cn commonname vollername vollständigername nomcomplet \
         nombrecompleto nomecompleto naam volledigenaam navn namn nimi 氏名 姓名",
    ),
    field(
        "hashed_password",
        "The hash of the password, as the former system stored it.",
        Looks::Hash,
        Take::Put(person::hashed_password),
        "hashedpassword encryptedpassword passwordhash passwordhashed passworddigest password passwd \
         passwdhash pwd pwdhash pass passhash userpass userpassword userpasswd cryptedpassword \
         cryptpassword pw pwhash hash secret kennwort kennworthash passwort passworthash motdepasse \
         motdepassehash mdp contrasena contraseña clave senha senhahash wachtwoord lösenord losenord \
         passord adgangskode salasana haslo hasło heslo parola jelszo пароль 密码 密碼 パスワード 비밀번호 bcrypt",
    )
    .doubtful("credential digest auth authhash"),
    field(
        "hashing_method",
        "How the password was hashed, such as bcrypt, md5 or sha256.",
        Looks::Method,
        Take::Put(person::hashing_method),
        "hashingmethod hashingalgorithm hashalgorithm hashmethod hashtype passwordalgorithm \
         passwordhasher passwordtype passwordmethod passwordscheme passwordencryption encryptionscheme \
         algorithm algo hashalgo passwordalgo",
    ),
    field(
        "salt",
        "The salt of the password's hash, where it stands apart.",
        Looks::Any,
        Take::Setting("salt"),
        "salt passwordsalt passsalt pwdsalt passwdsalt pwsalt hashsalt usersalt salz",
    ),
    field(
        "salt_position",
        "Where the salt goes: prefix or suffix.",
        Looks::Any,
        Take::Setting("salt_position"),
        "saltposition saltorder",
    ),
    field(
        "salt_format",
        "How the salt is written: string, hex or base64.",
        Looks::Any,
        Take::Setting("salt_format"),
        "saltformat saltencoding",
    ),
    field(
        "variant",
        "The flavor of the hashing method, where it has several.",
        Looks::Any,
        Take::Setting("variant"),
        "variant",
    ),
    field(
        "iterations",
        "How often the hash function was applied.",
        Looks::Number,
        Take::Setting("iterations"),
        "iterations passworditerations hashiterations iterationcount",
    ),
    field(
        "signer_key",
        "Firebase's signer key of the project, in base64.",
        Looks::Any,
        Take::Setting("signer_key"),
        "signerkey base64signerkey",
    ),
    field(
        "salt_separator",
        "Firebase's salt separator of the project, in base64.",
        Looks::Any,
        Take::Setting("salt_separator"),
        "saltseparator base64saltseparator",
    ),
    field(
        "rounds",
        "Firebase's rounds of the project.",
        Looks::Number,
        Take::Setting("rounds"),
        "rounds",
    ),
    field(
        "mem_cost",
        "Firebase's memory cost of the project.",
        Looks::Number,
        Take::Setting("mem_cost"),
        "memcost",
    ),
    field(
        "password_verified",
        "Whether the password alone proves who they are; otherwise a code is asked once.",
        Looks::Flag,
        Take::By(person::password_verified),
        "passwordverified",
    ),
    field(
        "must_reset_password",
        "Whether they must choose a new password at the next sign-in.",
        Looks::Flag,
        Take::Put(person::must_reset_password),
        "mustresetpassword mustchangepassword forcepasswordchange forcepasswordreset passwordexpired \
         changepassword requirepasswordchange passwordresetrequired needspasswordreset resetrequired",
    ),
    field(
        "totp_secret",
        "The secret of an authenticator app, in base32 or as an otpauth:// address.",
        Looks::Totp,
        Take::Put(person::totp),
        "totpsecret totp otpsecret twofactorsecret 2fasecret tfasecret mfasecret \
         googleauthenticatorsecret authenticatorkey authenticatorsecret googlesecret otpkey \
         google2fasecret",
    ),
    field(
        "recovery_codes",
        "One-time codes for the day that the phone is lost, separated by commas.",
        Looks::Any,
        Take::Put(person::recovery_codes),
        "recoverycodes backupcodes twofactorrecoverycodes mfarecoverycodes otpbackupcodes scratchcodes",
    ),
    field(
        "suspended",
        "Whether the account is closed: blocked, banned, disabled, locked.",
        Looks::Flag,
        Take::By(person::suspended),
        "suspended issuspended blocked isblocked banned isbanned disabled isdisabled locked islocked \
         lockedout islockedout inactive isinactive deactivated isdeactivated deleted isdeleted archived \
         isarchived gesperrt deaktiviert bloque bloqué bloqueado bloccato geblokkeerd accountdisabled \
         accountlocked userdisabled",
    ),
    field(
        "suspended_at",
        "When the account was closed; blank if it is open.",
        Looks::Instant,
        Take::By(person::suspended_at),
        "suspendedat blockedat bannedat disabledat lockedat deactivatedat deletedat archivedat",
    ),
    field(
        "suspended_until",
        "When a suspension ends by itself.",
        Looks::Instant,
        Take::By(person::suspended_until),
        "suspendeduntil blockeduntil banneduntil lockeduntil lockoutend disableduntil",
    ),
    field(
        "active",
        "Whether the account is open: the opposite of suspended.",
        Looks::Flag,
        Take::By(person::active),
        "active isactive enabled isenabled accountenabled useractive userenabled aktiv actif activo \
         attivo ativo actief aktywny",
    ),
    field(
        "status",
        "A word for the state of the account, such as active or blocked.",
        Looks::Status,
        Take::Put(person::status),
        "status state userstatus accountstatus userstate accountstate zustand statut estado stato",
    ),
    field(
        "created_at",
        "When the account was made.",
        Looks::Instant,
        Take::Put(person::created_at),
        "createdat created createdon creationdate createddate datecreated creationtime createtime \
         createdtime registered registeredat registeredon registrationdate registerdate dateregistered \
         userregistered datejoined joined joinedat joindate signupdate signedupat membersince dateadded \
         insertedat erstellt erstelltam angelegt angelegtam registriertam datecreation datedecreation \
         dateinscription fechaalta fechacreacion fecharegistro datacriacao datacreazione aangemaakt \
         aangemaaktop",
    ),
    field(
        "last_sign_in_at",
        "When they last signed in to the former system.",
        Looks::Instant,
        Take::Put(person::last_sign_in_at),
        "lastsigninat lastsignin lastsignedinat lastlogin lastloginat lastlogindate lastlogintime \
         lastloggedin lastloggedinat datelastlogin currentsigninat letzteanmeldung letzterlogin \
         derniereconnexion dernièreconnexion ultimoacceso ultimologin ultimoaccesso",
    )
    .doubtful("lastseen lastseenat lastaccess lastactive lastactivity lastvisit"),
    field(
        "locale",
        "The language they read, such as de or en-GB.",
        Looks::Locale,
        Take::Put(person::locale),
        "locale lang language languagecode preferredlanguage preferredlocale userlocale uilocale sprache \
         langue idioma lingua taal språk sprak sprog kieli jezyk язык",
    ),
    field(
        "picture",
        "The address of a portrait.",
        Looks::Url,
        Take::Put(person::picture),
        "picture pictureurl avatar avatarurl photo photourl image imageurl profilepicture profileimage \
         profilephoto profileimageurl profilepictureurl portrait bild foto immagine",
    ),
    field(
        "external_organization_id",
        "The organizations they belong to, by their ids in the former system, separated by commas.",
        Looks::Any,
        Take::By(person::organizations),
        "externalorganizationid organizationid organisationid orgid organizationids orgids companyid \
         tenantid teamid workspaceid mandantid firmaid entrepriseid empresaid",
    )
    .doubtful("organization organisation org tenant company team workspace mandant firma entreprise empresa \
         azienda bedrijf groupid"),
    field(
        "role_key",
        "The keys of their roles, separated by commas.",
        Looks::Any,
        Take::By(person::roles),
        "rolekey rolekeys roles role userrole userroles rolle rollen rôle ruolo ruoli rol",
    )
    .doubtful("group groups gruppe gruppen profile perfil usertype type"),
    field(
        "permission_key",
        "The keys of permissions beyond those of their roles, separated by commas.",
        Looks::Any,
        Take::By(person::permissions),
        "permissionkey permissionkeys permissions permission rechte permisos permessi",
    )
    .doubtful("scopes scope rights"),
    account("google_id", "google", "googleid googlesub googleuserid googleuid idgoogle"),
    account("apple_id", "apple", "appleid applesub appleuserid"),
    account("microsoft_id", "microsoft", "microsoftid microsoftuserid msid liveid"),
    account("facebook_id", "facebook", "facebookid fbid facebookuid facebookuserid"),
    account("github_id", "github", "githubid githubuid githubuserid"),
    account("gitlab_id", "gitlab", "gitlabid gitlabuserid"),
    account("linkedin_id", "linkedin", "linkedinid linkedinuserid"),
    account("twitter_id", "twitter", "twitterid twitteruid twitteruserid"),
    account("slack_id", "slack", "slackid slackuserid"),
    account("discord_id", "discord", "discordid discorduserid"),
    account("twitch_id", "twitch", "twitchid twitchuserid"),
    field(
        "property",
        "Something else to remember of the person, under the column's name.",
        Looks::Any,
        Take::Put(person::property),
        "",
    )
    .repeatable(),
    field(
        "private_property",
        "The same, for programs only.",
        Looks::Any,
        Take::Put(person::private_property),
        "",
    )
    .repeatable(),
    field(
        "ignore",
        "Nothing: the column is not taken.",
        Looks::Any,
        Take::Nothing,
        "",
    )
    .repeatable(),
];
