import { folded } from '../folded.ts';
import type { Words } from '../translated.ts';

/**
 * French as it is read in Canada and in France alike: readers are "vous", a text is a "texto", and of the signs only the
 * colon has a space before it. What GSM-7 lacks loses its accent when it is sent, so no sentence depends on one.
 */
export const words: Words = folded({
  locale: 'fr-CA',
  owner: 'propriétaire',
  coOwner: 'copropriétaire',
  left: 'a quitté',
  youLeft: 'quitté',
  account: { F: 'gratuit', T: "à l'essai", P: 'payant' },
  notAdded: {
    noName: 'sans nom',
    badName: 'pas un nom de personne',
    longName: 'nom trop long',
    sameName: 'nom déjà pris',
    ownName: 'votre propre nom',
    samePhone: 'numéro déjà là',
    ownPhone: 'votre propre numéro',
    full: 'groupe complet',
  },
  nameFaults: {
    star: 'commencer par une étoile, car il se lirait comme une commande',
    phone: "être un numéro de téléphone, car ses textos pourraient aller à quelqu'un d'autre",
    colon: 'contenir deux-points, car la suite se lirait comme un texto',
    address: 'contenir une adresse web',
  },
  devices: { iphone: 'un iPhone', iphone_no_notify: 'un iPhone', android: 'un téléphone Android' },
  theAppOn: (device) => `l'appli sur ${device}`,
  yesFor: ({ code, what }) => `OUI ${code} pour ${what}`,
  accountChanges: { password: 'mot de passe', email: 'adresse e-mail', card: 'carte', key: "clé d'API" },
  entries: {
    trial: "crédit d'essai",
    grant: 'crédit',
    adjustment: 'corrections',
    segments: 'textos',
    refund: 'textos remboursés',
    charge: 'paiements par carte',
    payment_refund: 'paiements remboursés',
    payment_failed: 'paiements échoués',
    dispute: 'paiements contestés',
  },
  people: (count) => (count < 2 ? `${count} personne` : `${count} personnes`),
  more: (shown, count) => `${shown} et ${count} de plus`,
  moreLines: (count) => `et ${count} de plus`,
  pictures: (count) => (count < 2 ? `${count} photo` : `${count} photos`),
  attachments: (count) => (count < 2 ? `${count} fichier joint` : `${count} fichiers joints`),
  picture: 'photo',
  headCount: '*presence',
  poll: { yes: 'oui', no: 'non', maybe: 'peut-être' },
  hours: (from, until) => `${from} h et ${until} h`,
  days: ['dim.', 'lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.'],
  everyDay: 'chaque jour',
  everyWeekday: 'du lundi au vendredi',
  every: (days) => `chaque ${days.join(' et ')}`,
  repeated: ({ days, hour, first }) => `${days} à ${hour}, prochain : ${first}`,
});
