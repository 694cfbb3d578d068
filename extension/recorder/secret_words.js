// @ts-check
"use strict";
/** Words by which a field says that it takes a secret, in the languages that most pages are written in. */
var WpSecretWords = (() => {
  // Letters alone: accents are taken off before. English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Swedish,
  // Danish, Turkish; other scripts below.
  const PASSWORD = [
    String.raw`\w*pass ?words?\d?`, "passwd", "pwd", "passphrase", "pass ?code", String.raw`\w*passwort`, String.raw`\w*kennwort`, "passwoerter",
    "mots? de passe", "mdp", "contrasenas?", "(?<!palabras? )clave(?: de acceso)?", "parola(?! chiave)(?: d'ordine)?", "senhas?", "palavra passe", String.raw`wachtwoord\w*`,
    String.raw`hasl(?:o|a)`, "heslo", "losenord", "adgangskode", "sifre", "salasana",
    "pin(?: ?code| number)?", "pin nummer", "code pin", "codigo pin", "codice pin", "kod pin", "pincode", "geheimzahl", "geheimnummer",
  ];
  const SECRET = [
    "cvv2?", "cvc2?", "csc", "cvn", "cid code", "security code", "card verification(?: \\w+)?", "kartenprufnummer", "prufziffer", "prufnummer",
    "sicherheitscode", "code de securite", "cryptogramme(?: visuel)?", "codigo de seguridad", "codice di sicurezza", "codigo de seguranca",
    "beveiligingscode", "kod bezpieczenstwa", "kod cvv",
    "(?:credit |debit |bank )?card ?(?:number|no|num|nr)", "cc ?(?:num(?:ber)?|exp|csc)", "kartennummer", "kreditkarten ?nummer",
    "numero de (?:la )?(?:carte|tarjeta)(?: \\w+)?", "numero (?:della )?carta(?: \\w+)?", "numero (?:de |do )cartao(?: \\w+)?", "kaartnummer",
    "numer karty", "iban", "kontonummer", "bank ?account number", "numero de compte", "numero de cuenta", "rekeningnummer", "numer (?:konta|rachunku)",
    "one ?time (?:code|password|passcode)", "t?otp(?: code)?", "\\w*otp", "verification code", "2fa(?: code)?", "mfa code", "tan(?: code)?", "m?tan",
    "authenticat\\w+ code", "(?:sms|login|access) code", "einmal(?:code|passwort|kennwort)", "bestatigungscode", "verifizierungscode", "sms tan",
    "code (?:de verification|a usage unique|sms)", "codigo (?:de )?(?:verificacion|verificacao|un solo uso|sms)", "codice (?:di verifica|otp|sms)",
    "verificatiecode", "eenmalige code", "kod (?:weryfikacyjny|jednorazowy|sms)", "backup code",
    "ssn", "social security(?: number| no)?", "sozialversicherungsnummer", "numero de securite sociale", "codice fiscale", "burgerservicenummer", "bsn",
    "pesel", "cpf", "national insurance(?: number)?",
    "(?:api|access|secret|private|license|encryption|signing|ssh) ?keys?", "apikey", "recovery (?:code|key|phrase)s?", "seed phrase", "mnemonic",
    "api ?schlussel", "(?:privater |geheimer )schlussel", "wiederherstellungs(?:code|schlussel)", "cle (?:api|secrete|privee|d'api)",
    "clave (?:api|secreta|privada)", "chiave (?:api|segreta|privata)", "chave (?:api|secreta|privada)", "(?:api|geheime) ?sleutel",
    "klucz (?:api|prywatny)",
    "(?:access |api |auth |bearer |personal |refresh )?token", "jeton", "(?:client |shared |consumer )?secrets?(?: answer)?", "credentials?",
    "zugangsdaten", "geheimnis", "sicherheitsantwort", "segreto", "secreto", "segredo", "geheim", "tajny",
  ];
  // `Password hint` and `Token name` take no secret. `pin` is also what one does with a message.
  const NOT_FOLLOWED_BY = String.raw`(?!(?:'s)?[ ](?:name|title|description|label|type|hint|length|policy|limit|count|expir\w*|scope|id|age`
    + String.raw`|strength|rules?|manager|question|reset|prefix|format|version|url|store|engine)(?![a-z\d]))`;
  const words = (/** @type {string[]} */ list) => new RegExp(`(?<![a-z\\d])(?:${list.join("|")})(?![a-z\\d])${NOT_FOLLOWED_BY}`);
  const PASSWORDS = words(PASSWORD);
  const SECRETS = words(SECRET);
  const OTHER_SCRIPTS = /密码|密碼|パスワード|暗証番号|비밀번호|парол|код подтверждения|סיסמה|كلمة المرور|كلمة السر|पासवर्ड|รหัสผ่าน|κωδικ|验证码|驗證碼|認証コード|인증번호/;
  const PIN_OF_A_BOARD = /(?<![a-z])pins? (?:to|title|board|post|item|message|note|it|this|tab|color|on)(?![a-z])/;

  /** Small letters without accents, identifiers taken apart. @param {string} text @returns {string} */
  const plain = (text) =>
    text.replace(/([a-z\d])([A-Z])/g, "$1 $2").normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").replace(/ł/gi, "l").replace(/ø/gi, "o")
      .toLowerCase().replace(/[-_.[\]$:/#*()\s]+/g, " ");

  /**
   * @param {string[]} texts what a field is called
   * @returns {"password" | "secret" | null}
   */
  function kind(texts) {
    for (const text of texts) {
      if (!text) continue;
      const said = plain(text);
      if (PASSWORDS.test(said) && !(PIN_OF_A_BOARD.test(said) && !/pass/.test(said))) return "password";
      if (SECRETS.test(said)) return "secret";
      if (OTHER_SCRIPTS.test(text) || OTHER_SCRIPTS.test(text.toLowerCase())) return "password";
    }
    return null;
  }

  return { kind };
})();
