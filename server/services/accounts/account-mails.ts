import type { Language } from '#shared/language'

/** The e-mails about an account, in plain text. */
export interface AccountMailTexts {
  reset: (name: string, link: string, minutes: number) => { subject: string, text: string }
  verify: (name: string, link: string, hours: number) => { subject: string, text: string }
  changed: (name: string) => { subject: string, text: string }
}

const en: AccountMailTexts = {
  reset: (name, link, minutes) => ({
    subject: 'A new password for your account',
    text: `Dear ${name},\n\nsomebody asked for a new password for your account with us. If it was you, choose one here:\n\n${link}\n\nThe link works once, for ${minutes} minutes. If it was not you, do nothing: your password stays as it is.\n\nYour wedding planners`,
  }),
  verify: (name, link, hours) => ({
    subject: 'Please confirm your e-mail address',
    text: `Dear ${name},\n\nplease confirm that this e-mail address is yours:\n\n${link}\n\nThe link works once, for ${hours} hours. If you have no account with us, do nothing.\n\nYour wedding planners`,
  }),
  changed: name => ({
    subject: 'Your password was changed',
    text: `Dear ${name},\n\nthe password of your account with us was changed just now, and other devices were signed out.\n\nIf it was not you, choose a new one at once with “Forgot your password?” on the sign-in page, and write to us.\n\nYour wedding planners`,
  }),
}

const el: AccountMailTexts = {
  reset: (name, link, minutes) => ({
    subject: 'Νέος κωδικός για τον λογαριασμό σας',
    text: `Αγαπητέ/ή ${name},\n\nκάποιος ζήτησε νέο κωδικό πρόσβασης για τον λογαριασμό σας. Αν ήσασταν εσείς, ορίστε τον εδώ:\n\n${link}\n\nΟ σύνδεσμος ισχύει για μία χρήση και για ${minutes} λεπτά. Αν δεν ήσασταν εσείς, δεν χρειάζεται να κάνετε τίποτα: ο κωδικός σας παραμένει ο ίδιος.\n\nΗ ομάδα του γάμου σας`,
  }),
  verify: (name, link, hours) => ({
    subject: 'Επιβεβαιώστε τη διεύθυνση e-mail σας',
    text: `Αγαπητέ/ή ${name},\n\nεπιβεβαιώστε ότι αυτή η διεύθυνση e-mail είναι δική σας:\n\n${link}\n\nΟ σύνδεσμος ισχύει για μία χρήση και για ${hours} ώρες. Αν δεν έχετε λογαριασμό σε εμάς, δεν χρειάζεται να κάνετε τίποτα.\n\nΗ ομάδα του γάμου σας`,
  }),
  changed: name => ({
    subject: 'Ο κωδικός σας άλλαξε',
    text: `Αγαπητέ/ή ${name},\n\nο κωδικός πρόσβασης του λογαριασμού σας μόλις άλλαξε και οι άλλες συσκευές αποσυνδέθηκαν.\n\nΑν δεν τον αλλάξατε εσείς, ορίστε αμέσως νέο με το «Ξεχάσατε τον κωδικό σας;» στη σελίδα σύνδεσης και γράψτε μας.\n\nΗ ομάδα του γάμου σας`,
  }),
}

export const accountMailTexts = (language: Language): AccountMailTexts => (language === 'el' ? el : en)
