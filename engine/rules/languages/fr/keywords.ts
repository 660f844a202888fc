import type { KeywordTable } from '../translated.ts';

/** Beside the English ones, which always count. */
export const keywords: KeywordTable = {
  stop: ['ARRET', 'ARRETER', 'ARRETEZ', 'ARRETE', 'DESABONNER', 'DESINSCRIRE', 'ANNULER'],
  start: ['COMMENCER', 'DEBUT', 'DEMARRER', 'REPRENDRE'],
  help: ['AIDE'],
  yes: ['OUI', 'O'],
  no: ['NON', 'N'],
  send: ['ENVOYER', 'ENVOIE', 'ENVOYEZ'],
};

/** Behind the word of a command. */
export const argumentWords = {
  group: ['groupe'],
  on: ['oui', 'activer', 'allumer'],
  me: ['moi'],
  off: ['non', 'couper', 'desactiver'],
  add: ['ajouter', 'ajoute'],
  remove: ['retirer', 'retire', 'enlever', 'enleve'],
  delete: ['effacer', 'efface', 'supprimer'],
  close: ['fermer', 'ferme', 'terminer', 'fin', 'resultat', 'resultats'],
  cancel: ['annuler', 'annule', 'retirer', 'effacer', 'supprimer'],
  and: ['et'],
  or: ['ou'],
  hours: ['h', 'heure', 'heures'],
  until: ['a', 'jusque'],
} as const;
